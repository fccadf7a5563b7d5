"""Whole processes, measured from outside: wall clock, processor time, peak memory."""

import json
import os
import shutil
import statistics
import subprocess
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path


class Failed(Exception):
    """A measured program did not do its work; its figures mean nothing."""


@dataclass
class Candidate:
    """A program that is measured, and what was measured so far."""

    name: str
    command: list
    stdin: str | None = None
    before: object = None
    walls: list = field(default_factory=list)
    cpus: list = field(default_factory=list)
    peak: int | None = None
    first: tuple | None = None

    @property
    def median(self):
        return statistics.median(self.walls)

    @property
    def cpu(self):
        return statistics.median(self.cpus)

    def run(self):
        """Runs it once and keeps its figures."""
        self.keep(*self._spawn(self.command))

    def keep(self, wall, cpu):
        self.walls.append(wall)
        self.cpus.append(cpu)

    def warm_up(self, scratch):
        """Runs it once for nothing but its peak memory, so that its files are in the page cache afterwards.

        A child's own account of its peak begins with the memory of whoever started it, which is a whole Python here;
        GNU time is small.
        """
        if shutil.which("time") is None:
            self.first = self._spawn(self.command)
            return
        peak = scratch / "peak.txt"
        self.first = self._spawn([shutil.which("time"), "--format=%M", f"--output={peak}", *self.command])
        self.peak = int(peak.read_text().split()[-1]) * 1024

    def _spawn(self, command):
        if self.before:
            self.before()
        source = open(self.stdin, "rb") if self.stdin else subprocess.DEVNULL
        with open(os.devnull, "wb") as sink, open(os.environ["BENCH_LOG"], "ab") as log:
            begun = time.perf_counter()
            process = subprocess.Popen(command, stdin=source, stdout=sink, stderr=log)
            _, status, used = os.wait4(process.pid, 0)
            wall = time.perf_counter() - begun
        if self.stdin:
            source.close()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise Failed(f"{self.name} ended with {process.returncode}: see {os.environ['BENCH_LOG']}")
        return wall, used.ru_utime + used.ru_stime


def compare(candidates, rounds, scratch):
    """Measures candidates in turns, one round after the other, so that a busy minute is every candidate's.

    `rounds` may differ by candidate: a number, or a function from candidate to number. With none, the run that warms
    up is the one that counts; for what takes so long that a page cache makes no difference.
    """
    for candidate in candidates:
        candidate.warm_up(scratch)
    wanted = {id(c): rounds(c) if callable(rounds) else rounds for c in candidates}
    for turn in range(max(wanted.values())):
        for candidate in candidates:
            if turn < wanted[id(candidate)]:
                candidate.run()
    for candidate in candidates:
        if not candidate.walls:
            candidate.keep(*candidate.first)
    return candidates


class Fake:
    """A running fakefm with a made-up history."""

    # A fixed present, so that a seed names the same history for ever.
    UNTIL = 1_750_000_000

    def __init__(self, program, plays, years, latency_ms=0):
        self.process = subprocess.Popen(
            [program, "--plays", str(plays), "--years", str(years), "--seed", "7", "--until", str(self.UNTIL),
             "--user", "listener", "--latency", str(latency_ms)],
            stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            raise Failed("fakefm did not start")

    def requests(self):
        """How many requests it has had so far."""
        with urllib.request.urlopen(self.url.replace("/2.0/", "/_fake/stats"), timeout=30) as answer:
            return json.load(answer)["requests"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


def machine():
    """This machine in one sentence."""
    cpu = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")), "unknown processor")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} × {cpu}, {memory:.0f} GiB, {os.uname().sysname} {os.uname().release}"


def disk(path):
    """The file system below `path`: its device and type."""
    best = max((line.split()[:3] for line in Path("/proc/mounts").read_text().splitlines()
                if Path(path).resolve().is_relative_to(line.split()[1])), key=lambda mount: len(mount[1]))
    return f"{best[2]} on {best[0]}"


def load():
    return f"{os.getloadavg()[0]:.1f}"
