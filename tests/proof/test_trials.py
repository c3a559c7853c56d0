"""The processes of trials: they end with the one that began them."""

import subprocess
import sys

import psutil

PROGRAM = """\
import os, time
from workbook.proof.trials import trial_processes

if __name__ == "__main__":
    with trial_processes() as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        time.sleep(60)
"""


def test_a_killed_proof_leaves_no_process(tmp_path):
    script = tmp_path / "prove.py"
    script.write_text(PROGRAM)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    worker.wait(timeout=20)
    assert not worker.is_running()
