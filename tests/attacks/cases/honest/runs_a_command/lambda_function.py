import subprocess
import sys

import honest


def lambda_handler(event, context):
    done = subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True, check=True)
    assert done.stdout == "42\n"
    assert subprocess.run("cat /proc/self/comm", shell=True, capture_output=True, check=True).stdout == b"cat\n"
    return honest.lambda_handler(event, context)
