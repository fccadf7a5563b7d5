"""The table of a run, in Markdown."""


def seconds(value):
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"


def megabytes(value):
    return "–" if value is None else f"{value / 1e6:.0f} MB"


class Table:
    """Rows as they are measured; printed whole at the end, so that talk does not cut it."""

    HEAD = ("work", "program", "median", "least – most", "runs", "CPU", "peak memory", "× heard", "load")

    def __init__(self):
        self.rows = []
        self.goals = []
        self.notes = []

    def add(self, work, candidates, load):
        """Rows of one work; the first candidate is heard."""
        first = candidates[0].median
        for candidate in candidates:
            self.rows.append((
                work, candidate.name, seconds(candidate.median),
                f"{seconds(min(candidate.walls))} – {seconds(max(candidate.walls))}", str(len(candidate.walls)),
                seconds(candidate.cpu), megabytes(candidate.peak), f"{candidate.median / first:.1f}", load))

    def goal(self, what, value, limit, show=seconds):
        """One goal beside what was reached."""
        word = "reached" if value <= limit else "**not reached**"
        self.goals.append((what, f"≤ {show(limit)}", show(value), word))

    def note(self, text):
        self.notes.append(text)

    def markdown(self, heading):
        parts = [heading, grid(self.HEAD, self.rows)]
        if self.goals:
            parts.append(grid(("goal", "limit", "measured", ""), self.goals))
        if self.notes:
            parts.append("\n".join(f"* {note}" for note in self.notes))
        return "\n\n".join(parts) + "\n"


def grid(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)
