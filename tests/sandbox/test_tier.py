import subprocess

import pytest

from workbook.runtime import processes
from workbook.sandbox import bubblewrap, selftest
from workbook.sandbox.tier import Standing, Tier, find_standing

pytestmark = pytest.mark.skipif(not processes.LINUX, reason="only Linux isolates submissions")


def test_this_machine_isolates() -> None:
    assert find_standing() == Standing(Tier.NAMESPACES)


def test_without_bubblewrap_there_is_a_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "find", lambda: None)
    standing = find_standing()
    assert standing.tier is Tier.NONE
    assert "apt install bubblewrap" in standing.cure


@pytest.mark.parametrize(
    ("complaint", "cure"),
    [
        ("bwrap: setting up uid map: Permission denied", "apparmor_restrict_unprivileged_userns"),
        ("bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted", "apparmor_restrict_unprivileged_userns"),
        ("bwrap: No permissions to create new namespace", "virtual"),
        ("bwrap: something never seen", "authors"),
    ],
)
def test_what_bubblewrap_complains_of_has_a_cure(monkeypatch: pytest.MonkeyPatch, complaint: str, cure: str) -> None:
    def complain(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", complaint)

    monkeypatch.setattr(selftest.subprocess, "run", complain)
    standing = find_standing()
    assert (standing.tier, standing.why) == (Tier.NONE, complaint)
    assert cure in standing.cure


def test_elsewhere_than_on_linux_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LINUX", False)
    assert find_standing().tier is Tier.NONE


def test_a_function_that_gets_out_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The probe on this machine itself, with no wall at all: it gets at everything but other processes' number."""
    monkeypatch.setattr(selftest, "_run_inside", lambda event, word: ["see the process that grades"])
    with pytest.raises(selftest.SelfTestFailed, match="could see the process that grades"):
        selftest.run()
