"""README's picture: the screen of `./lab watch 3` for a function that takes a station's local time for UTC.

`python -m workbook.site.picture` draws it anew; a test holds its text against a run.
"""

import os
import re
import shutil
import tempfile
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PICTURE = ROOT / "docs/assets/watch.svg"
LAB = "labs/03_s3_writes"
MISTAKE = "solutions/03_s3_writes/mistakes/local_time.py"
COLUMNS, LINES = 80, 26
FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)  # from another host


def run_watch() -> str:
    """The screen, with its colours, once the verdict stands there, in a copy of the lab that holds the mistake."""
    from workbook.course.labs import Course
    from workbook.watch import events
    from workbook.watch.screen import Look, draw
    from workbook.watch.session import Session
    from workbook.watch.state import Phase, State

    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        shutil.copytree(ROOT / LAB, course / LAB, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copyfile(ROOT / MISTAKE, course / LAB / "lambda_function.py")
        look = Look(
            colour=True,
            encoding="utf-8",
            say=lambda words: f"./lab {words}",
            shorten=lambda path: Path(str(path)).relative_to(course).as_posix(),
        )

        class Leaving:
            """Leaves with the verdict."""

            def update(self, state: State) -> None:
                if state.phase in (Phase.JUDGED, Phase.BROKEN):
                    session.post(events.Leave())

        with closing(Session(Course(course), Course(course).find("3"), list)) as session:
            session.run(Leaving())
            return "\n".join(draw(session.state, look, COLUMNS, LINES).lines)


def draw_window(screen: str) -> str:
    """The screen as SVG, in a window 80 columns wide."""
    from rich.console import Console
    from rich.text import Text

    console = Console(width=COLUMNS, record=True, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115
    console.print(Text.from_ansi(screen.strip("\n")))
    return FONTS.sub("", console.export_svg(title="./lab watch 3", unique_id="watch"))


if __name__ == "__main__":
    PICTURE.write_text(draw_window(run_watch()), "utf-8")
