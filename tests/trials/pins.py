"""`python -m tests.trials.pins`: writes constraints.txt, what this program runs on as it was tested.

The container installs these versions and no others; pyproject's ranges say what else may work.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FILE = Path(__file__).parents[2] / "constraints.txt"
HEAD = "# What the tests ran with; the container installs these. Written by `make pins`.\n"


def needed(name: str, extras: frozenset[str], found: dict[str, str]) -> dict[str, str]:
    """Name and version of everything installed that a package needs, its own needs included."""
    try:
        installed = distribution(name)
    except PackageNotFoundError:
        return found
    for line in installed.requires or []:
        want = Requirement(line)
        wanted = [{"extra": extra} for extra in extras or {""}]
        if want.marker is not None and not any(want.marker.evaluate(one) for one in wanted):
            continue
        key = canonicalize_name(want.name)
        if key in found and not want.extras:
            continue
        try:
            found[key] = distribution(want.name).version.partition("+")[0]
        except PackageNotFoundError:
            continue
        needed(want.name, frozenset(want.extras), found)
    return found


def main() -> None:
    """Write the file."""
    found = needed("qunhu", frozenset(), {})
    lines = [f"{name}=={version}\n" for name, version in sorted(found.items())]
    FILE.write_text(HEAD + "".join(lines), encoding="utf-8")
    print(f"{len(lines)} packages in {FILE.name}")


if __name__ == "__main__":
    main()
