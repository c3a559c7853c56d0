"""A lab is judged with the network off: in a network of its own, with nothing in it but loopback."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Raises loopback, makes sure that nothing else is there, then becomes the command.
NETWORK_OFF = """
import errno, fcntl, os, socket, struct, sys
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
    fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
with socket.socket() as outside:
    assert outside.connect_ex(("192.0.2.1", 443)) == errno.ENETUNREACH
os.execv(sys.argv[1], sys.argv[1:])
"""


def run_without_network(*command):
    prefix = ["unshare", "--user", "--map-root-user", "--net", sys.executable, "-c", NETWORK_OFF]
    return subprocess.run([*prefix, *command], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def no_network():
    if not shutil.which("unshare") or run_without_network(sys.executable, "-c", "pass").returncode:
        pytest.skip("this system lets nobody make a network without a network")
    return run_without_network


def test_lab_is_judged_without_network(no_network):
    lab = min((ROOT / "labs").glob("[0-9]*"))
    outcome = no_network(sys.executable, "-P", "-m", "workbook", "check", lab.name, "--task", "1", "--json")
    assert outcome.returncode == 1, outcome.stderr  # the starter fails its task
    [result] = json.loads(outcome.stdout)["results"]
    assert {check["status"] for check in result["checks"]} <= {"passed", "failed"}
