"""Whether this machine can carry the bench: space, folders, ports, clock, terminal."""

import shutil
import socket
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from workbook.course.facts import as_of
from workbook.doctor.finding import LAB, Finding, ok, problem, warning
from workbook.doctor.surroundings import Surroundings

MB = 1024 * 1024
LITTLE_MB = 500  # what set-up with every group and a large package want
TOO_LITTLE_MB = 50
PATIENCE = 5  # seconds for a connection on loopback
SHOWN = "✓✗·é"  # beyond ASCII, what the reports print


def check_disk(place: Surroundings) -> Finding:
    """Free space where the workbook lies and where functions write."""
    root = place.course.root if place.course else place.repository
    folders = {root: "the workbook", Path(tempfile.gettempdir()): "temporary files"}
    free, purpose = min((shutil.disk_usage(folder).free // MB, purpose) for folder, purpose in folders.items())
    if free < TOO_LITTLE_MB:
        return problem("disk", f"{free} MB left for {purpose}", "Free some space: the labs need 50 MB at the least.")
    if free < LITTLE_MB:
        return warning("disk", f"{free} MB left for {purpose}", "Free some space before the next set-up.")
    return ok("disk", f"{free / 1024:.1f} GB left for {purpose}")


def check_temporary(place: Surroundings) -> Finding:
    """The system's temporary folder takes files: each function gets a folder of its own there."""
    try:
        with tempfile.TemporaryDirectory(prefix="workbook-doctor-") as folder:
            Path(folder, "file").write_bytes(b"written")
    except OSError as error:
        cure = "Let the variable TMPDIR (Windows: TEMP) name a folder that you may write to."
        return problem("temporary", f"no file can be written there ({error.strerror})", cure)
    return ok("temporary", tempfile.gettempdir())


def check_loopback(place: Surroundings) -> Finding:
    """A port on 127.0.0.1 can be opened and reached, as the local cloud and the Runtime API do."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(PATIENCE)
            with socket.create_connection(server.getsockname(), PATIENCE) as client, server.accept()[0] as peer:
                client.sendall(b"ok")
                peer.settimeout(PATIENCE)
                peer.recv(2)
    except OSError as error:
        cure = "A firewall or security program forbids it: allow Python to listen on 127.0.0.1."
        return problem("ports", f"127.0.0.1 cannot be used ({error.strerror or error})", cure)
    return ok("ports", "127.0.0.1 can be listened on and reached")


def check_clock(place: Surroundings) -> Finding:
    """A date that can be true, and time zones by name."""
    now = datetime.now(UTC).astimezone()
    shown = f"{now:%Y-%m-%d %H:%M %Z}"
    try:
        ZoneInfo("Europe/Oslo")
    except LookupError:
        cure = f"Run {LAB} setup; on Linux, install the system's package tzdata."
        return problem("clock", f"{shown}; but time zones are not known by name", cure)
    if now.date() < as_of():
        cure = "Set the clock: AWS refuses requests of a wrong time."
        return warning("clock", f"{shown}: earlier than the workbook itself ({as_of()})", cure)
    return ok("clock", shown)


def check_terminal(place: Surroundings) -> Finding:
    """An encoding that can show what the reports print."""
    try:
        SHOWN.encode(place.encoding)
    except (UnicodeEncodeError, LookupError):
        cure = "Set the variable PYTHONUTF8=1 (Windows also: chcp 65001), or a UTF-8 locale such as LANG=C.UTF-8."
        return warning("terminal", f"{place.encoding}: signs beyond it are shown as ?", cure)
    return ok("terminal", place.encoding)


def check_bubblewrap(place: Surroundings) -> Finding:
    """The sandbox for grading other people's code; nobody else needs it."""
    if not sys.platform.startswith("linux"):
        return ok("bubblewrap", "exists on Linux only; needed for nothing but grading a class in isolation")
    if found := shutil.which("bwrap", path=place.variables.get("PATH", "")):
        return ok("bubblewrap", found)
    return ok("bubblewrap", "not here; only needed to grade a class in isolation (sudo apt install bubblewrap)")
