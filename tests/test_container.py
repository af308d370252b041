"""The image runs without root, writes nowhere but to its data, and lets in only this machine."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
IGNORED = {".git", ".venv", ".env", "data", "tests", "**/__pycache__"}


def instructions() -> list[tuple[str, str]]:
    """Word and rest of each instruction of the last stage, lines joined."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    last = max(n for n, line in enumerate(lines) if line.startswith("FROM "))
    return [(line.split()[0], line.partition(" ")[2]) for line in lines[last:]]


def service() -> dict[str, Any]:
    """The one service of compose.yaml."""
    found = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert list(found) == ["qunhu"]
    return dict(found["qunhu"])


def test_whoever_runs_it_is_not_root_and_has_no_shell() -> None:
    steps = instructions()
    words = [word for word, _ in steps]
    users = [rest for word, rest in steps if word == "USER"]
    assert users == ["qunhu"]
    assert words.index("USER") < words.index("ENTRYPOINT")
    made = next(rest for word, rest in steps if "useradd" in rest)
    assert "--shell /usr/sbin/nologin" in made
    assert int(re.findall(r"--uid (\d+)", made)[0]) >= 10_000


def test_nothing_is_started_through_a_shell() -> None:
    for word, rest in instructions():
        if word in {"ENTRYPOINT", "CMD"}:
            assert json.loads(rest), (word, rest)
        if word == "HEALTHCHECK":
            assert json.loads(rest.partition("CMD ")[2])[0] == "python"


def test_nothing_is_fetched_by_hand_and_no_secret_is_built_in() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert not re.search(r"\b(curl|wget|ADD|sudo|chmod 777)\b", text)
    assert not re.search(r"(TOKEN|SECRET|QUNHU_KEY|PASSWORD)=", text)
    assert set((ROOT / ".dockerignore").read_text().split()) >= IGNORED


def test_only_the_data_can_be_written_and_no_right_can_be_won() -> None:
    found = service()
    assert found["read_only"] is True
    assert found["volumes"] == ["data:/data"]
    assert found["tmpfs"] == ["/tmp"]
    assert found["cap_drop"] == ["ALL"]
    assert found["security_opt"] == ["no-new-privileges:true"]
    assert not found.keys() & {"privileged", "network_mode", "pid", "cap_add", "devices", "user"}


def test_its_pages_are_for_this_machine_alone() -> None:
    assert all(str(port).startswith("127.0.0.1:") for port in service()["ports"])


def test_every_dependency_has_a_lowest_version_and_those_that_break_a_highest() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for wanted in project["dependencies"]:
        assert re.search(r">=\d", wanted), f"{wanted}: from which version on?"
        assert re.search(r",<=?\d", wanted), f"{wanted}: below which version?"


def test_the_container_installs_what_the_tests_ran_with() -> None:
    pins = dict(
        line.split("==")
        for line in (ROOT / "constraints.txt").read_text().split()[-200:]
        if "==" in line
    )
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    for line in wanted:
        one = Requirement(line)
        assert one.specifier.contains(pins[canonicalize_name(one.name)]), line
    steps = (ROOT / "Dockerfile").read_text()
    assert steps.count("constraints.txt") == 3
    assert all("-c " in line for line in steps.splitlines() if "pip install" in line)
