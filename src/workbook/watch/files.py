"""What has been saved: of the lab on the screen, and of those that one may turn to.

The system tells that something has changed; what it was is seen from the files, so that an editor may write, rename or
delete and write again. Where the system turns out not to tell (network drives, some containers), the files are looked
at again and again.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook.course.labs import Lab
from workbook.course.manifest import ManifestError
from workbook.runtime.code import LAB_FILES, LITTER_FILES, LITTER_FOLDERS

SETTLE_MS = 10  # without a further change, before a change counts
GROUP_MS = 200  # the longest that changes may keep coming
LOOK_MS = 1000  # between two looks at files that the system watches
POLL_SECONDS = 0.2
ABSENT_SECONDS = 0.3  # that a file may be gone while an editor writes it anew

Signature = tuple[int, int, int]


@dataclass(frozen=True)
class Snapshot:
    """The files as they were at one moment: the student's of the lab on the screen, what judges them, and the student's
    of the other labs."""

    own: dict[Path, Signature]
    suite: dict[Path, Signature]
    others: dict[str, dict[Path, Signature]]

    @classmethod
    def take(cls, lab: Lab, others: Sequence[Lab]) -> "Snapshot":
        own: dict[Path, Signature] = {}
        suite: dict[Path, Signature] = {}
        handed_in = _files(lab)
        for path in _walk(lab.folder):
            name = path.relative_to(lab.folder).as_posix()
            if name == "README.md" or (found := _sign(path)) is None:
                continue
            (suite if name not in handed_in and _judges(name) else own)[path] = found
        return cls(own, suite, {other.id: _sign_all(other) for other in others if other != lab})


@dataclass(frozen=True)
class Change:
    """What differs between two snapshots; `elsewhere` is the one other lab in which something was saved."""

    own: bool
    suite: bool
    elsewhere: str | None

    def __bool__(self) -> bool:
        return self.own or self.suite or self.elsewhere is not None


def compare(before: Snapshot, after: Snapshot) -> Change:
    own, suite = before.own != after.own, before.suite != after.suite
    moved = [name for name, files in after.others.items() if before.others.get(name, files) != files]
    return Change(own, suite, moved[0] if len(moved) == 1 and not own and not suite else None)


class Watcher:
    """Tells of each change below the labs' folders, in a thread of its own, until it is closed.

    `on_polling` is told why, when files have to be looked at instead.
    """

    def __init__(
        self,
        lab: Lab,
        labs: Sequence[Lab],
        on_change: Callable[[Change], None],
        on_polling: Callable[[str], None],
        *,
        poll: bool = False,
    ) -> None:
        self._lab, self._labs = lab, labs
        self._on_change, self._on_polling = on_change, on_polling
        self._closed = threading.Event()
        self._snapshot = Snapshot.take(lab, labs)
        self._thread = threading.Thread(target=self._run, args=(poll,), name="files", daemon=True)
        self._thread.start()

    def turn_to(self, lab: Lab) -> None:
        """Watch this lab from now on."""
        self._lab, self._snapshot = lab, Snapshot.take(lab, self._labs)

    def close(self) -> None:
        self._closed.set()
        self._thread.join(5)

    def _run(self, poll: bool) -> None:
        if poll:
            self._on_polling("as asked")
        elif why := self._listen():
            self._on_polling(why)
        while not self._closed.wait(POLL_SECONDS):
            self._look()

    def _listen(self) -> str | None:
        """Look whenever the system tells of a change; the reason when it does not, None when closed."""
        from watchfiles._rust_notify import RustNotify

        folder = self._lab.folder.parent if len(self._labs) > 1 else self._lab.folder
        try:
            with RustNotify([str(folder)], False, False, 0, True, True) as system:
                while not self._closed.is_set():
                    told = system.watch(GROUP_MS, SETTLE_MS, LOOK_MS, self._closed)
                    if isinstance(told, set):
                        self._look()
                    elif told == "timeout" and self._differs():
                        late = system.watch(GROUP_MS, SETTLE_MS, LOOK_MS, self._closed)
                        self._look()
                        if late == "timeout":
                            return "the system does not tell of changes here"
                    elif told in ("stop", "signal"):
                        return None
        except OSError as error:
            return f"the system cannot watch this folder: {error.strerror or error}"
        return None

    def _differs(self) -> bool:
        return bool(compare(self._snapshot, Snapshot.take(self._lab, self._labs)))

    def _look(self) -> None:
        lab, before = self._lab, self._snapshot
        after = Snapshot.take(lab, self._labs)
        deadline = time.monotonic() + ABSENT_SECONDS
        while before.own.keys() - after.own.keys() and time.monotonic() < deadline:
            time.sleep(SETTLE_MS / 1000)
            after = Snapshot.take(lab, self._labs)
        if lab is not self._lab:
            return
        self._snapshot = after
        if change := compare(before, after):
            self._on_change(change)


def _files(lab: Lab) -> frozenset[str]:
    try:
        return frozenset(lab.manifest.files)
    except ManifestError:
        return frozenset()


def _judges(name: str) -> bool:
    top, _, below = name.partition("/")
    if below:
        return top == "events"
    return name in LAB_FILES or name.endswith(".lock") or (name.startswith("test_") and name.endswith(".py"))


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in LITTER_FOLDERS]
        yield from (Path(parent, name) for name in files if name not in LITTER_FILES and not _is_scratch(name))


def _is_scratch(name: str) -> bool:
    """Whether an editor or an interpreter leaves such a file beside another for a moment."""
    return name.endswith((".pyc", ".swp", ".swx", ".tmp", "~")) or name.startswith((".#", "#")) or name == "4913"


def _sign_all(lab: Lab) -> dict[Path, Signature]:
    signed = ((lab.folder / name, _sign(lab.folder / name)) for name in _files(lab))
    return {path: found for path, found in signed if found}


def _sign(path: Path) -> Signature | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
