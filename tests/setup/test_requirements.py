"""What set-up installs: locked by hash, the same in every group, and what the package itself asks for."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GROUPS = ("student", "docs", "notebook", "grading", "dev")


def lock(group):
    return (ROOT / "requirements" / f"{group}.txt").read_text(encoding="utf-8")


def wanted(group):
    lines = (ROOT / "requirements" / f"{group}.in").read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith(("#", "-r"))}


def pins(group):
    """Each pinned package with its marker, such as `pexpect ; sys_platform != 'win32'`, and its version."""
    found = re.findall(r"(?m)^([A-Za-z0-9._-]+(?:\[[^]]*\])?)==(\S+?)(?: ; (.*?))? \\$", lock(group))
    return {(name, marker): version for name, version, marker in found}


@pytest.mark.parametrize("group", GROUPS)
def test_every_package_has_a_hash_and_no_address(group):
    text = lock(group)
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", text)[1:]
    assert len(blocks) == len(pins(group)) > 0
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text


@pytest.mark.parametrize("group", GROUPS)
def test_lock_holds_what_the_group_asks_for(group):
    names = {name.partition("[")[0] for name, _ in pins(group)}
    asked = {re.match(r"[A-Za-z0-9._-]+", line).group().lower() for line in wanted(group)}
    assert asked <= names


def test_groups_agree_on_every_version():
    together = {}
    for group in GROUPS:
        for key, version in pins(group).items():
            assert together.setdefault(key, version) == version, key


def test_package_asks_for_what_the_students_group_installs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    installers = {"pip"}  # fetches the labs' wheels at set-up; the package itself does without
    assert set(project["dependencies"]) == wanted("student") - installers
    assert set(project["optional-dependencies"]["docs"]) == wanted("docs")
    assert set(project["optional-dependencies"]["notebook"]) == wanted("notebook")
    assert set(project["optional-dependencies"]["grading"]) == wanted("grading")
