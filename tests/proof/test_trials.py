"""The processes of trials: they end with the one that began them."""

import subprocess
import sys
import time
from pathlib import Path

import psutil

COURSE = Path(__file__).with_name("course")
PROGRAM = """\
import sys, time
from pathlib import Path
from workbook.course.labs import Course
from workbook.proof.trials import Trials, trial_processes

if __name__ == "__main__":
    with trial_processes() as pool:
        Trials(Course(Path(sys.argv[1])).find("1"), pool).judge(Path(sys.argv[2]))
        time.sleep(60)
"""
ENDLESS = """\
def lambda_handler(event, context):
    open({begun!r}, "w").close()
    while True:
        pass
"""


def test_a_proof_killed_in_mid_trial_leaves_no_process(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    code, script = tmp_path / "lambda_function.py", tmp_path / "prove.py"
    code.write_text(ENDLESS.format(begun=str(begun)), "utf-8")
    script.write_text(PROGRAM, "utf-8")
    with subprocess.Popen([sys.executable, script, COURSE, code]) as parent:
        while not begun.exists():
            assert parent.poll() is None
            time.sleep(0.05)
        below = psutil.Process(parent.pid).children(recursive=True)
        parent.kill()
    _, alive = psutil.wait_procs(below, timeout=20)
    assert alive == []
