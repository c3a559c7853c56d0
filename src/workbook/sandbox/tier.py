"""How well this machine can keep a submission in, found by trying."""

from dataclasses import dataclass
from enum import IntEnum

from workbook.runtime import processes

WAYS_OUT = (
    (
        "bubblewrap is not installed",
        "Install it: sudo apt install bubblewrap (Debian, Ubuntu), sudo dnf install bubblewrap (Fedora).",
    ),
    (
        "setting up uid map",
        "This system keeps users from making namespaces. On Ubuntu 24.04 and later: "
        "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    (
        "RTM_NEWADDR",
        "This system keeps users from making namespaces. On Ubuntu 24.04 and later: "
        "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    (
        "permissions to create new namespace",
        "User namespaces are switched off, as they are in most containers: grade on the machine itself, or in a "
        "virtual one.",
    ),
)


class Tier(IntEnum):
    """0: none, a submission can do all that you can. 1: bubblewrap and namespaces."""

    NONE = 0
    NAMESPACES = 1

    @property
    def sandbox(self) -> str:
        """The word for it in a result document."""
        return self.name.lower()


@dataclass(frozen=True)
class Standing:
    """The tier that holds here, and where it is NONE, why and what to do."""

    tier: Tier
    why: str = ""
    cure: str = ""


def find_standing() -> Standing:
    """What holds on this machine, by a self-test of about a second."""
    if not processes.LINUX:
        return Standing(Tier.NONE, "Isolation needs Linux.", "Grade on Linux, on WSL 2 or in a virtual machine.")
    from workbook.sandbox import selftest

    try:
        selftest.run()
    except selftest.SelfTestFailed as error:
        found = [cure for symptom, cure in WAYS_OUT if symptom in str(error)]
        cure = found[0] if found else "Grade on another machine, and send these words to the workbook's authors."
        return Standing(Tier.NONE, str(error), cure)
    return Standing(Tier.NAMESPACES)
