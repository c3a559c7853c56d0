"""README's picture: what `./lab check 3` prints for a function that takes a station's local time for UTC.

`python -m workbook.site.picture` draws it anew; a test holds its text against a run.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PICTURE = ROOT / "docs/assets/check.svg"
LAB = "labs/03_s3_writes"
MISTAKE = "solutions/03_s3_writes/mistakes/local_time.py"
CURSOR = re.compile(r"\x1b\[\?25[lh]")
REDRAWN = re.compile(r"^.*(\n\r\x1b\[1A)?\x1b\[2K", re.MULTILINE)  # the line that turns while checks run
FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)  # from another host


def run_check() -> str:
    """The output of the check, with its colours, in a copy of the lab that holds the mistake."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        shutil.copytree(ROOT / LAB, course / LAB, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copyfile(ROOT / MISTAKE, course / LAB / "lambda_function.py")
        done = subprocess.run(
            [sys.executable, "-m", "workbook", "--course", course, "check", "3"],
            env={**os.environ, "FORCE_COLOR": "1", "COLUMNS": "80", "NO_COLOR": ""},
            cwd=course,
            capture_output=True,
            check=False,
        )
    return REDRAWN.sub("", CURSOR.sub("", done.stdout.decode()))


def draw(output: str) -> str:
    """The output as SVG, in a window 80 columns wide."""
    from rich.console import Console
    from rich.text import Text

    console = Console(width=80, record=True, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115
    console.print(Text.from_ansi(output.strip("\n")))
    return FONTS.sub("", console.export_svg(title="./lab check 3", unique_id="check"))


if __name__ == "__main__":
    PICTURE.write_text(draw(run_check()), "utf-8")
