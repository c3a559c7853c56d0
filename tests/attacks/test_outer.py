"""The walls of the outer sandbox, tried with what is harmless, before anything else runs in it."""

import json
import os
import socket
import time
from pathlib import Path

import pytest
from museum import outer

PROBE = """
import json, os, socket, sys
told = {"user": os.getuid(), "variables": sorted(os.environ)}
told["processes"] = [name for name in os.listdir("/proc") if name.isdigit()]
told["written"] = []
for folder in ("/", "/usr", "/etc", "/dev", "/root", "/home", "/proc/sys/kernel", *sys.argv[2:]):
    try:
        open(os.path.join(folder, "museum-probe"), "w").close()
        told["written"].append(folder)
    except OSError:
        pass
with socket.socket() as caller:
    caller.settimeout(1)
    told["connected"] = caller.connect_ex(("127.0.0.1", int(sys.argv[1]))) == 0
told["home"] = [name for name in ("/root", "/home") if os.path.isdir(name) for name in os.listdir(name)]
told["tmp"] = os.listdir("/tmp")
told["interfaces"] = [name for _, name in socket.if_nameindex()]
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
told["capabilities"] = int(status["CapEff"], 16)
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What a probe in the sandbox told, while a canary lay in a folder and listened on a port of this machine."""
    folder = tmp_path_factory.mktemp("canary")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        os.environ["MUSEUM_CANARY"] = "canary"
        try:
            places = [str(folder), str(outer.SOURCE), str(outer.MUSEUM), os.getcwd()]
            ended = outer.run("-c", PROBE, str(listener.getsockname()[1]), *places)
        finally:
            del os.environ["MUSEUM_CANARY"]
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert ended.status == 0, ended.errors
    told = json.loads(ended.output)
    own = [place for place in told["written"] if place in places and not Path(place, "museum-probe").exists()]
    told["written"] = [place for place in told["written"] if place not in own]  # memory of its own, below its /tmp
    return told


def test_it_runs_as_a_plain_user_without_capabilities(told: dict) -> None:
    assert told["user"] != 0
    assert told["capabilities"] == 0


def test_it_has_no_variable_of_ours(told: dict) -> None:
    assert set(told["variables"]) <= {"LANG", "LC_CTYPE", "PATH", "PWD", "PYTHONPATH"}


def test_it_sees_no_process_of_ours(told: dict) -> None:
    assert len(told["processes"]) <= 2


def test_it_can_write_to_nothing_that_is_ours(told: dict) -> None:
    assert told["written"] == []


def test_it_reaches_no_network(told: dict) -> None:
    assert not told["connected"]
    assert told["interfaces"] == ["lo"]


def test_its_temporary_folder_is_its_own(told: dict) -> None:
    leads_to_ours = {place.parts[2] for place in (outer.SOURCE, outer.MUSEUM) if place.is_relative_to("/tmp")}
    assert set(told["tmp"]) <= leads_to_ours


def test_what_takes_too_long_is_ended_with_all_that_it_started() -> None:
    mark = f"museum-{time.monotonic_ns()}"
    program = f"import subprocess\nsubprocess.run(['sleep', '1000'], env={{'MARK': '{mark}'}})"
    assert outer.run("-c", program, seconds=2).excess == "more than 2 s"
    assert not [pid for pid in os.listdir("/proc") if pid.isdigit() and mark.encode() in environment_of(pid)]


def environment_of(pid: str) -> bytes:
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return file.read()
    except OSError:
        return b""


def test_what_takes_too_much_memory_is_ended() -> None:
    hungry = "held = bytearray(b'x') * (300 << 20)\nimport time\ntime.sleep(1000)"
    assert "MB of memory" in (outer.run("-c", hungry, seconds=60, memory_bytes=200 << 20).excess or "")
