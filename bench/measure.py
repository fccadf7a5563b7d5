"""Measures heard and its peers side by side. Started by bench/run."""

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from processes import Candidate, Failed, Fake, compare, disk, load, machine
from table import Table, megabytes

PEERS = Path(__file__).parent / "peers"
PARTS = ("main-job", "paced", "rebuild", "imports", "questions", "in-process", "instructions")
YEAR, TEXT = "2020", "remastered"
LATENCY_MS, RATE = 350, 4


@dataclass
class Size:
    """How much is measured."""

    main_plays: int = 55_646
    main_rounds: int = 11
    slow_rounds: int = 2
    paced_plays: int = 55_646
    plays: int = 1_000_000
    rebuild_rounds: int = 5
    rounds: int = 25
    slow_question_rounds: int = 15


QUICK = Size(main_rounds=5, slow_rounds=0, paced_plays=20_000, plays=200_000, rebuild_rounds=3, rounds=15,
             slow_question_rounds=5)


class Bench:
    def __init__(self, target, size):
        self.work = target / "bench"
        self.heard, self.fakefm = str(target / "release/heard"), str(target / "release/fakefm")
        self.asks_often = str(target / "release/examples/in_process")
        self.size = size
        self.table = Table()
        self.large = self.work / "large"

    def ask(self, home, *arguments):
        """A heard command that stands alone: no settings of whoever runs the benchmark have a part in it."""
        return [self.heard, "--home", str(home), "--zone", "UTC", *arguments]

    def peer(self, script, *arguments):
        return [sys.executable, "-W", "ignore", str(PEERS / script), *map(str, arguments)]

    def sync(self, home, url, *arguments):
        return self.ask(home, "--quiet", "sync", "--user", "listener", "--url", url, *arguments)

    # --- the parts ---

    def main_job(self):
        """An account collected, exported, drawn: one shell line, against scripts that do the same."""
        size, home, csv, png = self.size, self.work / "main-home", self.work / "main.csv", self.work / "main.png"
        with Fake(self.fakefm, size.main_plays, years=12) as fake:
            steps = [
                self.sync(home, fake.url, "--rate", "0"),
                self.ask(home, "--quiet", "export", "-o", str(csv)),
                self.ask(home, "--quiet", "plot", "top-artists", "-o", str(png)),
            ]
            peer_csv, peer_png = self.work / "peer.csv", self.work / "peer.png"
            job = (fake.url, "listener", peer_csv, peer_png)
            line = " && ".join(shlex.join(step) for step in steps)
            candidates = [
                Candidate("heard sync, export, plot", ["sh", "-c", line], before=lambda: remove(home)),
                Candidate("requests, pandas, matplotlib", self.peer("download_pandas.py", *job)),
                Candidate("pylast, csv, matplotlib", self.peer("download_pylast.py", *job)),
            ]
            patient = {candidates[0].name: size.main_rounds, candidates[1].name: max(3, size.main_rounds // 2)}
            before = load()
            compare(candidates, lambda c: patient.get(c.name, size.slow_rounds), self.work)
            self.same_plays(csv, peer_csv)
            parts = [Candidate("heard sync alone", steps[0], before=lambda: remove(home))]
            parts += [Candidate(f"heard {step[step.index('--quiet') + 1]} alone", step) for step in steps[1:]]
            for part in parts:
                compare([part], size.main_rounds, self.work)
        work = f"{size.main_plays:,} scrobbles to CSV and PNG, no latency"
        self.table.add(work, candidates + parts, before)
        self.table.goal(f"{work}, on a quiet machine", candidates[0].median, 0.6)

    def paced(self):
        """The same account from far away, at a polite rate: how near to the pacer's own bound."""
        plays, home = self.size.paced_plays, self.work / "paced-home"
        for name, arguments, page in (("its own choice of page size", (), 1000), ("--page-size 200", ("--page-size", "200"), 200)):
            with Fake(self.fakefm, plays, years=12, latency_ms=LATENCY_MS) as fake:
                command = self.sync(home, fake.url, "--rate", str(RATE), *arguments)
                candidate = Candidate(f"heard sync, {name}", command, before=lambda: remove(home))
                before = load()
                candidate.run()
                requests = fake.requests()
            fewest = -(-plays // page)
            bound, least = ((count - 1) / RATE + LATENCY_MS / 1000 for count in (requests, fewest))
            work = f"{plays:,} scrobbles at {LATENCY_MS} ms and {RATE} requests/s"
            self.table.add(work, [candidate], before)
            self.table.goal(f"{work}, {name}: time beyond the pacer's bound of {bound:.2f} s for its {requests} requests",
                            candidate.median / bound, 1.05, lambda ratio: f"{ratio:.3f} ×")
            self.table.goal(f"the same beyond the bound of {least:.2f} s for the fewest pages, {fewest} of {page}",
                            candidate.median / least, 1.05, lambda ratio: f"{ratio:.3f} ×")

    def rebuild(self):
        """The archive of a million plays into heard.db and plays.arrow, against a plain loop."""
        self.need_large()
        size, pages = self.size, self.work / "pages.jsonl.zst"
        with open(pages, "wb") as file:
            for segment in sorted((self.large / "archive").rglob("*.zst")):
                file.write(segment.read_bytes())
        out = self.work / "loop.db"
        loop = f"zstdcat | {shlex.join(self.peer('pages_to_sqlite.py', out))}"

        def fresh():
            for name in ("loop.db", "loop.db-wal", "loop.db-shm"):
                (self.work / name).unlink(missing_ok=True)

        candidates = [
            Candidate("heard rebuild", self.ask(self.large, "--quiet", "rebuild")),
            Candidate("zstdcat, Python json and sqlite3", ["sh", "-c", loop], stdin=str(pages), before=fresh),
        ]
        before = load()
        compare(candidates, lambda c: size.rebuild_rounds if c is candidates[0] else size.slow_rounds, self.work)
        work = f"{size.plays:,} plays, archive to database"
        self.table.add(work, candidates, before)
        self.table.goal(work + " and columns", candidates[0].median, 2.5 * size.plays / 1e6)
        if candidates[0].peak:
            self.table.goal(f"{work} and columns, peak memory", candidates[0].peak, 400e6, megabytes)

    def imports(self):
        """A million plays of Spotify's own exports taken in for the first time, and asked for the top artists."""
        size, home = self.size, self.work / "import-home"
        for layout in ("extended", "account"):
            folder = self.work / f"spotify-{layout}-{size.plays}"
            if not folder.exists():
                subprocess.run([sys.executable, str(PEERS.parent / "spotify_history.py"), str(folder), "--plays",
                                str(size.plays), "--layout", layout], check=True)
            take_in = self.ask(home, "--quiet", "import", str(folder))
            answer = self.ask(home, "--quiet", "top", "artists")
            line = f"{shlex.join(take_in)} && {shlex.join(answer)}"
            candidates = [Candidate("heard import, top artists", ["sh", "-c", line], before=lambda: remove(home)),
                          Candidate("Python json, which keeps nothing", self.peer("top_artists_json.py", folder))]
            before = load()
            compare(candidates, size.rebuild_rounds, self.work)
            later = Candidate("heard top artists, later", answer)
            compare([later], size.rounds, self.work)
            megabytes_in = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
            work = f"{size.plays:,} plays of Spotify ({layout}, {megabytes_in:,.0f} MB) taken in and asked"
            self.table.add(work, [*candidates, later], before)
            limit = 2.5 if layout == "account" else 1 / 0.3
            self.table.goal(work, candidates[0].median, limit * size.plays / 1e6)
            if candidates[0].peak:
                self.table.goal(f"{work}, peak memory", candidates[0].peak, 400e6, megabytes)
            self.table.goal(f"{work}, later questions", later.median, 0.008)

    def questions(self):
        """Questions on a million plays, each a whole process."""
        self.need_large()
        folder = self.work / "engines"
        folder.mkdir(exist_ok=True)
        export = self.ask(self.large, "--quiet", "export", "-o", str(folder / "plays.csv"))
        subprocess.run(export, check=True)
        subprocess.run(self.peer("prepare.py", folder / "plays.csv", folder), check=True)
        asked = {
            "top-artists": ["top", "artists", "-n", "20"],
            "top-artists-year": ["top", "artists", "-n", "20", "--year", YEAR],
            "top-tracks": ["top", "tracks", "-n", "20"],
            "clock": ["clock"],
            "months-of-top-artists": ["trends", "--top", "10", "-n", "100000"],
            "count-text": ["listens", "--count", "--text", TEXT],
        }
        fast = ("top-artists", "top-artists-year", "clock", "months-of-top-artists")
        for question, command in asked.items():
            argument = {"top-artists-year": [YEAR], "count-text": [TEXT]}.get(question, [])
            engines = {"columns by hand, numpy": "columns", "SQLite, indexed": "sqlite", "DuckDB, Parquet": "duckdb",
                       "pandas, CSV": "pandas"}
            candidates = [Candidate("heard", self.ask(self.large, *command))]
            candidates += [Candidate(name, self.peer(f"question_{engine}.py", folder, question, *argument))
                           for name, engine in engines.items()]
            self.same_answers(question, command, candidates)
            before = load()
            slow = self.size.slow_question_rounds
            compare(candidates, lambda c: slow if c.name.startswith("pandas") else self.size.rounds, self.work)
            line = f"`heard {' '.join(command)}` of {self.size.plays:,}"
            self.table.add(line, candidates, before)
            self.table.goal(line, candidates[0].median, 0.008 if question in fast else 0.050)
            if question in fast:
                duckdb = next(c for c in candidates if c.name.startswith("DuckDB"))
                self.table.goal(f"{line}, as a part of DuckDB's time", candidates[0].median / duckdb.median, 1 / 12,
                                lambda ratio: f"1/{1 / ratio:.0f}")
        self.other_questions()
        self.picture()

    def other_questions(self):
        """Questions that nobody else's program was written for here."""
        for words in ("calendar", "streaks", "streaks artists", "sessions", "milestones", "discoveries", "numbers",
                      "trends", "charts", "wrapped", "quality"):
            candidate = Candidate("heard", self.ask(self.large, "--quiet", *words.split()))
            before = load()
            compare([candidate], self.size.rounds, self.work)
            line = f"`heard {words}` of {self.size.plays:,}"
            self.table.add(line, [candidate], before)
            self.table.goal(line, candidate.median, 0.050)
            if candidate.peak:
                self.table.goal(f"{line}, peak memory", candidate.peak, 150e6, megabytes)

    def picture(self):
        command = self.ask(self.large, "--quiet", "plot", "top-artists", "-o", str(self.work / "large.png"))
        candidate = Candidate("heard", command)
        before = load()
        compare([candidate], self.size.rounds, self.work)
        line = f"`heard plot top-artists -o x.png` of {self.size.plays:,}"
        self.table.add(line, [candidate], before)
        self.table.goal(line, candidate.median, 0.3)

    def in_process(self):
        """The same questions in a process that asks many: no start, and the columns in its memory."""
        self.need_large()
        done = subprocess.run([self.asks_often, str(self.large), "200"], check=True, capture_output=True, text=True)
        for line in done.stdout.splitlines():
            answer = json.loads(line)
            self.table.goal(f"{answer['question']} of {self.size.plays:,} in a running process, 200 times",
                            answer["median_ms"] / 1e3, 0.002)

    def instructions(self):
        """Instructions are the same on a busy machine."""
        if shutil.which("valgrind") is None:
            self.table.note("Instructions were not counted: valgrind is missing.")
            return
        self.need_large()
        for command in (["top", "artists"], ["top", "artists", "--year", YEAR], ["top", "tracks"]):
            with tempfile.NamedTemporaryFile(dir=self.work) as out:
                done = subprocess.run(
                    ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out.name}", *self.ask(self.large, *command)],
                    check=True, capture_output=True, text=True)
            collected = re.search(r"Collected : (\d+)", done.stderr)
            if collected is None:
                raise Failed("callgrind counted nothing")
            self.table.note(f"`heard {' '.join(command)}` of {self.size.plays:,}: {int(collected[1]) / 1e6:.1f} million "
                            "instructions (callgrind).")

    def build(self):
        """A release build from nothing."""
        with tempfile.TemporaryDirectory(dir=self.work) as folder:
            command = ["env", f"CARGO_TARGET_DIR={folder}", "cargo", "build", "--release", "--locked", "--quiet", "-p", "heard"]
            candidate = Candidate("cargo build --release -p heard", command)
            before = load()
            candidate.run()
        self.table.add("release build from nothing", [candidate], before)
        self.table.goal("release build from nothing on two cores", candidate.median, 360)

    # --- what the parts need ---

    def need_large(self):
        """The home with the many plays; kept from part to part, made anew by every run."""
        if (self.large / "plays.arrow").exists():
            return
        say(f"collecting {self.size.plays:,} plays")
        with Fake(self.fakefm, self.size.plays, years=12) as fake:
            subprocess.run(self.sync(self.large, fake.url, "--rate", "0"), check=True)

    def same_plays(self, ours, theirs):
        """Both did the whole job, or the comparison is none."""
        counts = [sum(1 for _ in open(path, "rb")) - 1 for path in (ours, theirs)]
        if counts != [self.size.main_plays] * 2:
            raise Failed(f"{counts} plays were exported, not {self.size.main_plays} twice")

    def same_answers(self, question, command, candidates):
        """Engines that answer differently were not asked the same."""
        answer = json.loads(subprocess.run([*candidates[0].command, "--json"], check=True, capture_output=True).stdout)
        if question == "count-text":
            expected = answer if isinstance(answer, int) else answer["total"]
        elif question == "clock":
            expected = answer["hours"]
        elif question == "months-of-top-artists":
            expected = [[row["artist"], month, plays] for row in answer["rows"]
                        for month, plays in zip(answer["units"], row["by_unit"]) if plays > 0]
        else:
            expected = [[row[name] for name in ("artist", "track", "plays") if name in row] for row in answer["rows"]]
        for candidate in candidates[1:]:
            got = json.loads(subprocess.run(candidate.command, check=True, capture_output=True).stdout)
            if got != expected:
                raise Failed(f"{candidate.name} and heard do not agree on {' '.join(command)}: {got} / {expected}")


def remove(folder):
    if folder.exists():
        shutil.rmtree(folder)


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def arguments():
    parser = argparse.ArgumentParser(prog="bench/run", description="Measures heard beside what else people use.")
    parser.add_argument("--quick", action="store_true", help="smaller histories and fewer rounds; about two minutes")
    parser.add_argument("--build", action="store_true", help="also a release build from nothing")
    parser.add_argument("--only", nargs="+", metavar="PART", choices=[*PARTS, "build"], help="only these parts")
    parser.add_argument("--target", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    options = arguments()
    bench = Bench(options.target, QUICK if options.quick else Size())
    for name in [name for name in os.environ if name.startswith(("HEARD_", "LASTFM_", "LISTENBRAINZ_"))]:
        del os.environ[name]
    # fakefm takes any key.
    os.environ |= {"LASTFM_API_KEY": "any", "BENCH_LOG": str(bench.work / "stderr.log")}
    remove(bench.large)
    parts = options.only or [*PARTS, *(["build"] if options.build else [])]
    failed = False
    for part in parts:
        say(part)
        try:
            getattr(bench, part.replace("-", "_"))()
        except (Failed, subprocess.CalledProcessError) as error:
            # What the other parts measured is true all the same.
            say(f"failed: {part}: {error}")
            bench.table.note(f"{part} failed and is not in the table.")
            failed = True
    heading = f"{machine()}; {disk(bench.work)}; load average beside each row, as it began."
    text = bench.table.markdown(heading)
    (bench.work / "results.md").write_text(text, encoding="utf-8")
    print(text)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
