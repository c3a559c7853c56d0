"""This machine's paths in traces and logs → those that the function has on AWS."""

import re
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Any

CHILD = Path(__file__).with_name("child")
STANDARD_LIBRARY = sysconfig.get_path("stdlib")


class Relocation:
    """Applies to one function: its code stands in /var/task, its layers in /opt/python, Python in /var/lang."""

    def __init__(self, task_root: Path, layers: Sequence[Path], runtime: str) -> None:
        library = f"/var/lang/lib/{runtime}"
        self._places = [
            (str(task_root), "/var/task"),
            *((str(layer), "/opt/python") for layer in layers),
            *((folder, f"{library}/site-packages") for folder in sys.path if folder.endswith("-packages")),
            (STANDARD_LIBRARY, library),
        ]

    def apply(self, text: str) -> str:
        """`text` with its paths moved, and without the frames of the bench's own file-system hook."""
        text = _drop_own_frames(text)
        for here, there in self._places:
            if here in text:
                text = text.replace(here, there)
                if "\\" in here:
                    text = _forward_slashes(text, there)
        return text

    def apply_to(self, document: Any) -> Any:
        """The error document with its message and frames moved, the bench's and awslambdaric's frames dropped."""
        if not isinstance(document, dict):
            return document
        moved = dict(document)
        if isinstance(message := document.get("errorMessage"), str):
            moved["errorMessage"] = self.apply(message)
        if isinstance(frames := document.get("stackTrace"), list):
            texts = [self.apply(frame) if isinstance(frame, str) else frame for frame in frames]
            moved["stackTrace"] = _drop_bootstrap([text for text in texts if text != ""])
        return moved


# A frame as traceback prints it: its File line and the lines below that are indented further (a logged one is
# indented with U+00A0, by awslambdaric).
_OWN_FRAME = re.compile(
    r'^(?P<indent>[ \xa0]*)File "' + re.escape(str(CHILD)) + r'[^"\n]*", line .*(?:\n(?P=indent)[ \xa0].*)*(?:\n|\Z)',
    re.MULTILINE,
)


def _drop_own_frames(text: str) -> str:
    return _OWN_FRAME.sub("", text) if str(CHILD) in text else text


def _drop_bootstrap(frames: list[Any]) -> list[Any]:
    """On Windows awslambdaric does not recognise its own frame by its path, and leaves it in."""
    if len(frames) > 1 and isinstance(frames[0], str) and "awslambdaric\\bootstrap.py" in frames[0]:
        return frames[1:]
    return frames


def _forward_slashes(text: str, start: str) -> str:
    lines = []
    for line in text.split("\n"):
        before, found, after = line.partition(start)
        if found:
            path, quote, rest = after.partition('"')
            line = before + found + path.replace("\\", "/") + quote + rest
        lines.append(line)
    return "\n".join(lines)
