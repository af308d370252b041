"""A fresh process that loads the classifier, judges once and says what it took; prints JSON."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path


def main() -> None:
    """`python -m moderation.bench.footprint FOLDER`: seconds to load, peak memory in MB."""
    began = time.perf_counter()
    from moderation.classifier import load_model
    from moderation.guard import GuardedClassifier
    from moderation.safewords import SafeWords
    from moderation.vocabulary import Excerpt

    imported = time.perf_counter()
    classifier = GuardedClassifier(load_model(Path(sys.argv[1])), SafeWords.load())
    loaded = time.perf_counter()
    classifier.classify([Excerpt("今天去复查，医生说恢复得不错，就是眼睛还有点肿")] * 64)
    row = {"import_s": imported - began, "load_s": loaded - imported, **_memory()}
    print(json.dumps(row))


def _memory() -> dict[str, float]:
    """Of this process alone, in MB: `getrusage` would count its parent's peak too. Linux only."""
    status = Path("/proc/self/status")
    lines = status.read_text() if status.exists() else ""
    found = dict(re.findall(r"(VmHWM|VmRSS):\s+(\d+) kB", lines))
    names = {"VmHWM": "peak_mb", "VmRSS": "after_mb"}
    return {names[key]: int(value) / 1024 for key, value in found.items()}


if __name__ == "__main__":
    main()
