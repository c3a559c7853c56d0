"""The museum of attacks. See README.md: none of it is ever imported or run outside the outer sandbox."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
collect_ignore = ["cases", "course"]
sys.path.insert(0, str(HERE))  # for the package `museum`
