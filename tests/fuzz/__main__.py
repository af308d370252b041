"""`python -m tests.fuzz --seconds 60 [NAME …]`: hunt in each parser with coverage as the guide (atheris).

What is found is written to build/fuzz, beside what reached new code, which the next hunt begins with.
Taps and commands are played through all of the bot; what they would change is taken back.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
from pathlib import Path

import atheris

OURS = ["bot", "moderation", "resources"]
HERE = "--here"
with atheris.instrument_imports(include=OURS) if HERE in sys.argv else contextlib.nullcontext():
    from tests.fuzz.played import PLAYED, played
    from tests.fuzz.seeds import SEEDS
    from tests.fuzz.targets import TARGETS

FOLDER = Path("build/fuzz")
LONGEST = 4096
SLOWEST = 20
"""Seconds for one input, beyond which it counts as a hang; generous, for a busy machine."""


def hunt(name: str, seconds: int) -> None:
    """One target in this process, which ends with it."""
    corpus = FOLDER / name
    corpus.mkdir(parents=True, exist_ok=True)
    seeds = SEEDS[name] if name in SEEDS else PLAYED[name].seeds
    for number, seed in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(seed.encode("utf-8", "surrogatepass"))
    given = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={SLOWEST}"]
    target = TARGETS[name] if name in TARGETS else played(name)
    atheris.Setup(
        [sys.argv[0], str(corpus), *given, f"-artifact_prefix={FOLDER}/{name}-", "-verbosity=0"],
        target,
    )
    atheris.Fuzz()


def main() -> None:
    """Run from the command line; exit code 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=[*TARGETS, *PLAYED])
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument(HERE, action="store_true", help="one target, in this process")
    given = parser.parse_args()
    unknown = set(given.names) - {*TARGETS, *PLAYED}
    if unknown:
        parser.error(
            f"no target is called {', '.join(unknown)}; there are {', '.join([*TARGETS, *PLAYED])}"
        )
    if given.here:
        hunt(given.names[0], given.seconds)
    found = []
    for name in given.names:
        words = [
            sys.executable,
            "-m",
            "tests.fuzz",
            HERE,
            "--seconds",
            str(given.seconds),
            name,
        ]
        done = subprocess.run(words, capture_output=True, text=True, errors="replace", check=False)
        tries = next((line for line in done.stderr.splitlines()[::-1] if "Done" in line), "stopped")
        print(f"{name}: {tries}", flush=True)
        if done.returncode:
            found.append(name)
            print(done.stdout[-1500:], done.stderr[-3000:], sep="\n", flush=True)
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
