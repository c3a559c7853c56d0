"""What a student hands in of a lab: exactly the files that its manifest names, and a label."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from workbook import __version__
from workbook.course.labs import Lab
from workbook.deploy.package import read_code
from workbook.deploy.package.bundle import Bundle
from workbook.deploy.package.recipe import name_settings
from workbook.runtime.code import Code, CodeError
from workbook.submissions.archive import open_archive
from workbook.submissions.hand_in import HandIn
from workbook.submissions.label import NAME, Label, take_off
from workbook.submissions.names import Refused
from workbook.submissions.reading import MAX_BYTES, MAX_PYTHON_BYTES, Item, read_file


@dataclass(frozen=True)
class Parcel:
    """`files` by their names as the lab asks for them, `missing` those that are not there, `others` the code beside
    them that the lab does not ask for; `judged` is the digest that `lab check` gives the lab's folder as it is now."""

    lab: str
    files: Mapping[str, bytes]
    missing: tuple[str, ...]
    others: tuple[str, ...]
    judged: str

    @classmethod
    def pack(cls, lab: Lab) -> "Parcel":
        """What is in the lab's folder now. Raises CodeError, also for what `lab grade` would not take."""
        wanted = lab.manifest.files
        missing = tuple(name for name in wanted if not os.path.lexists(lab.folder / name))
        if len(missing) == len(wanted):
            raise CodeError(f"Nothing to hand in: {lab.folder} holds no {' and no '.join(wanted)}.")
        files = {name: _read(lab, name) for name in wanted if name not in missing}
        code = Code.open(lab.folder, files=wanted)
        own = read_code(lab.folder, name_settings(lab), lab.manifest.function.handler)
        others = tuple(sorted(own.keys() - set(wanted)))
        parcel = cls(lab.id, files, missing, others, HandIn(lab.id, lab.folder, dict(code)).sha256)
        take_off(open_archive(parcel.to_zip(), wanted), lab.id)
        return parcel

    def to_zip(self) -> bytes:
        """The hand-in file: the same bytes whenever the files are the same."""
        label = Label.write(self.lab, self.files, __version__)
        return Bundle({**self.files, NAME: label.to_json()}).to_zip()


def _read(lab: Lab, name: str) -> bytes:
    limit = MAX_PYTHON_BYTES if name.lower().endswith(".py") else MAX_BYTES
    try:
        return read_file(Item.at(lab.folder / name), name, limit)
    except Refused as error:
        raise CodeError(str(error)) from error
