"""Removing what a function made under /tmp, outside its own folder."""

import contextlib
import os
import stat
from pathlib import Path

from workbook.runtime import processes

MAX_LISTED = 10_000


def remove(listing: Path, since: float) -> None:
    """Remove what `listing` names (paths, each closed by NUL) and what was made after `since` (Unix time).

    The list is not trusted: nothing is removed outside /tmp, nothing of someone else's, nothing older, and no
    folder of another function.
    """
    try:
        listed = listing.read_bytes().split(b"\0")[:MAX_LISTED]
    except OSError:
        return
    shared = os.path.realpath("/tmp") + os.sep
    for raw in sorted(filter(None, listed), reverse=True):  # what a folder holds comes before the folder
        parent, name = os.path.split(os.fsdecode(raw))
        path = os.path.join(os.path.realpath(parent), name)
        if not path.startswith(shared) or path.startswith(shared + "workbook-"):
            continue
        with contextlib.suppress(OSError):
            status = os.lstat(path)
            if processes.is_own(status) and status.st_ctime >= since:
                os.rmdir(path) if stat.S_ISDIR(status.st_mode) else os.unlink(path)
