"""What differs by system, as far as it can be proved on one."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path, PureWindowsPath

import psutil
import pytest

from workbook.runtime import leftovers, processes
from workbook.runtime.relocation import CHILD, Relocation

EXITS = [
    (0, "Runtime exited without providing a reason"),
    (1, "Runtime exited with error: exit status 1"),
    (255, "Runtime exited with error: exit status 255"),
    (0xC0000005, "Runtime exited with error: exit status 3221225477"),
    (-9, "Runtime exited with error: signal: killed"),
]


@pytest.mark.parametrize(("status", "words"), EXITS)
def test_an_exit_in_lambdas_words(status: int, words: str) -> None:
    assert processes.describe_exit(status) == words


@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
def test_a_signal_in_lambdas_words() -> None:
    assert processes.describe_exit(-11).startswith("Runtime exited with error: signal: segmentation fault")
    assert processes.describe_exit(-15).startswith("Runtime exited with error: signal: terminated")
    assert processes.describe_exit(-999) == "Runtime exited with error: exit status -999"


@pytest.mark.parametrize("linux", [True, False])
def test_peak_memory(linux: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if linux and not processes.LINUX:
        pytest.skip("reads /proc")
    monkeypatch.setattr(processes, "LINUX", linux)
    assert 10 < processes.peak_memory_mb(os.getpid()) < 10_000
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert processes.peak_memory_mb(process.pid) == 0


@pytest.mark.parametrize("linux", [True, False])
def test_a_tree_ends(linux: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if linux and not processes.LINUX:
        pytest.skip("reads /proc")
    options = processes.start_apart()
    monkeypatch.setattr(processes, "LINUX", linux)
    program = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "orphan = subprocess.check_output('sleep 60 >/dev/null & echo $!', shell=True) if len(sys.argv) > 1 else '0'\n"
        "print(child.pid, int(orphan), flush=True)\nchild.wait()\n"
    )
    command = [sys.executable, "-c", program, *(["orphan"] if os.name == "posix" else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options) as process:
        assert process.stdout is not None
        child, orphan = map(int, process.stdout.readline().split())
        assert processes.end_tree(process.pid) == [child]
        process.wait()
        processes.end_rest(process.pid, [child], tmp_path)
    if linux:
        assert not psutil.pid_exists(child)
        assert not psutil.pid_exists(orphan)
    for pid in filter(None, (child, orphan)):
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(pid).wait(timeout=2)


TRACE = '  File "{}", line 3, in lambda_handler\n    open("x\\y")\n'


@pytest.mark.parametrize(
    ("root", "path"),
    [
        ("/tmp/workbook-task-1", "/tmp/workbook-task-1/pkg/mod.py"),
        (PureWindowsPath("C:\\Temp\\workbook-task-1"), "C:\\Temp\\workbook-task-1\\pkg\\mod.py"),
    ],
)
def test_paths_are_those_on_aws(root: Path, path: str) -> None:
    move = Relocation(root, [], "python3.13")
    assert move.apply(TRACE.format(path)) == TRACE.format("/var/task/pkg/mod.py")
    document = {"errorMessage": f"in {path}", "errorType": "E", "stackTrace": [TRACE.format(path), 3]}
    assert move.apply_to(document) == {
        "errorMessage": "in /var/task/pkg/mod.py",
        "errorType": "E",
        "stackTrace": [TRACE.format("/var/task/pkg/mod.py"), 3],
    }
    assert move.apply_to(["no document"]) == ["no document"]


def test_frames_of_the_bench_are_dropped() -> None:
    move = Relocation(Path("/task"), [], "python3.13")
    own = f'  File "{CHILD / "read_only.py"}", line 7, in hook\n    allow(path)\n    ~~~~~^^^^^^\n'
    theirs = '  File "/task/lambda_function.py", line 2, in lambda_handler\n    open("x", "w")\n'
    assert move.apply(theirs + own + own + "OSError: read-only") == (
        theirs.replace("/task", "/var/task") + "OSError: read-only"
    )
    assert move.apply_to({"stackTrace": [theirs, own]})["stackTrace"] == [theirs.replace("/task", "/var/task")]
    bootstrap = '  File "C:\\\\venv\\\\awslambdaric\\bootstrap.py", line 1, in handle_event_request\n'
    assert move.apply_to({"stackTrace": [bootstrap, theirs]})["stackTrace"] == [theirs.replace("/task", "/var/task")]


@pytest.mark.skipif(os.name != "posix", reason="/tmp")
def test_only_what_is_new_ours_and_below_tmp_is_removed(tmp_path: Path) -> None:
    import time

    outside = Path(__file__).resolve()
    old, new, folder = tmp_path / "old", tmp_path / "new", tmp_path / "folder"
    old.touch()
    since = old.stat().st_ctime + 0.01
    time.sleep(0.05)
    new.touch()
    folder.mkdir()
    (folder / "file").touch()
    listing = tmp_path / "created"
    paths = [old, new, folder, folder / "file", outside, tmp_path / "gone", Path("/tmp/../etc/hostname")]
    listing.write_bytes(b"\0".join(os.fsencode(path) for path in paths))
    leftovers.remove(listing, since)
    assert [path.exists() for path in (old, new, folder, outside)] == [True, False, False, True]
    leftovers.remove(tmp_path / "no-list", since)
