"""How long a start of a workbook that is set up takes: `./lab setup`, then `python benchmarks/startup.py`.

Prints the wrapper's own part (from its first line to the start of its child) and, paired in one run, the wall time of
`./lab list` as a multiple of `python -c pass` in the same environment. Medians; run it on a quiet machine.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAB = ROOT / "lab"
PYTHON = next(path for path in (ROOT / ".venv/bin/python", ROOT / ".venv/Scripts/python.exe") if path.exists())
RUNS = 30

# Runs the wrapper up to the moment when it starts its child, which it then does not start.
WRAPPER_ONLY = """
import os, sys, time
code = compile(open(sys.argv[1], encoding="utf-8").read(), sys.argv[1], "exec")
def stop_at_child(event, _):
    if event in ("os.posix_spawn", "subprocess.Popen"):
        print((time.perf_counter() - started) * 1000, flush=True)
        os._exit(0)
sys.addaudithook(stop_at_child)
sys.argv = [sys.argv[1], "list"]
started = time.perf_counter()
exec(code, {"__name__": "__main__", "__file__": sys.argv[0]})
"""


def wrapper_ms() -> float:
    command = [sys.executable, "-c", WRAPPER_ONLY, str(LAB)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def wall_ms(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - started) * 1000


def main() -> None:
    subprocess.run([sys.executable, str(LAB), "list"], stdout=subprocess.DEVNULL, check=True)
    rows = [
        (wrapper_ms(), wall_ms([sys.executable, str(LAB), "list"]), wall_ms([str(PYTHON), "-c", "pass"]))
        for _ in range(RUNS)
    ]
    own, listing, nothing = (statistics.median(column) for column in zip(*rows, strict=True))
    print(f"the wrapper's own part   {own:6.1f} ms")
    print(f"python -c pass           {nothing:6.1f} ms")
    print(f"lab list                 {listing:6.1f} ms   {listing / nothing:.1f} times python -c pass")


if __name__ == "__main__":
    main()
