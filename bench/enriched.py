"""How long a home with many answers about music takes to be made anew, and in how much memory.

    python3 bench/enriched.py [--answers 50000] [--plays 200000] [--target target]

Needs the release build of heard and fakefm in the target folder.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from processes import Candidate, Failed, Fake, compare, load, machine

CALLS = "artist,album,track.getInfo,track.getSimilar"


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--answers", type=int, default=50_000)
    words.add_argument("--plays", type=int, default=200_000)
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--target", type=Path, default=Path("target"))
    asked = words.parse_args()
    heard, fakefm = (str(asked.target / "release" / name) for name in ("heard", "fakefm"))
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        os.environ.setdefault("BENCH_LOG", str(scratch / "log.txt"))
        home = scratch / "home"
        command = [heard, "--home", str(home), "--zone", "UTC", "--quiet"]
        environment = {**os.environ, "LASTFM_API_KEY": "bench"}
        with Fake(fakefm, asked.plays, 12) as fake:
            service = ["--user", "listener", "--url", fake.url, "--rate", "0"]
            subprocess.run([*command, "sync", *service], env=environment, check=True)
            told = subprocess.run(
                [*command, "--json", "enrich", "--only", CALLS, "--limit", str(asked.answers), *service],
                env=environment, check=True, stdout=subprocess.PIPE)
        answers = json.loads(told.stdout)["asked"]
        if answers < asked.answers:
            raise Failed(f"only {answers} answers are to be had of {asked.plays} plays")
        rebuild = Candidate("rebuild", [*command, "rebuild"])
        verify = Candidate("verify", [*command, "verify", "--quick"])
        compare([rebuild, verify], asked.rounds, scratch)
        sizes = {name: sum(it.stat().st_size for it in home.glob(pattern))
                 for name, pattern in (("archive", "archive/*/*"), ("heard.db", "heard.db"))}
        print(f"{machine()}, load {load()}")
        print(f"{asked.plays:,} plays, {answers:,} answers")
        for name, size in sizes.items():
            print(f"{name}: {size / 1e6:.0f} MB")
        for candidate in (rebuild, verify):
            peak = "unknown" if candidate.peak is None else f"{candidate.peak / 1e6:.0f} MB"
            print(f"{candidate.name}: {candidate.median:.2f} s (processor {candidate.cpu:.2f} s), peak {peak}")


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(str(failure))
