"""Runs a function's boot file as on another system: `function.py SYSTEM BOOT`."""

import runpy
import sys
from pathlib import Path

system, boot = sys.argv[1:]
sys.argv[:] = [boot]
tools = runpy.run_path(str(Path(__file__).with_name("sitecustomize.py")))
tools["hide"](system)
runpy.run_path(boot, run_name="__main__")
