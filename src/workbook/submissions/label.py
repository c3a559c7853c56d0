"""The label that `lab submit` puts into a hand-in: for which lab it is, and the digest of each file."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from workbook.runtime.code import Code, CodeError
from workbook.submissions.names import shown

NAME = "hand-in.json"
SCHEMA = 1
MAX_BYTES = 64 * 1024

AGAIN = "Run lab submit again, and hand in the file that it writes, as it is."


@dataclass(frozen=True)
class Label:
    """`files` has the SHA-256 of each file in hexadecimal, by its name; `workbook` is the version that wrote it."""

    lab: str
    files: Mapping[str, str]
    workbook: str

    @classmethod
    def write(cls, lab: str, files: Mapping[str, bytes], workbook: str) -> Self:
        return cls(lab, {name: _digest(data) for name, data in sorted(files.items())}, workbook)

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Raises CodeError for what `lab submit` does not write."""
        try:
            if len(data) > MAX_BYTES:
                raise ValueError("too long")
            match json.loads(data):
                case {"schema": int(schema)} if schema > SCHEMA:
                    raise CodeError(f"{NAME} was written by a newer workbook. Grade it with that one.")
                case {"schema": 1, "lab": str(lab), "files": dict(files), "workbook": str(workbook)}:
                    if not all(isinstance(digest, str) for digest in files.values()):
                        raise ValueError("a digest is no text")
                    return cls(lab, files, workbook)
                case _:
                    raise ValueError("something is missing")
        except CodeError:
            raise
        except (ValueError, RecursionError) as error:
            raise CodeError(f"{NAME} is not as lab submit writes it. {AGAIN}") from error

    def to_json(self) -> bytes:
        document: dict[str, Any] = {"schema": SCHEMA, **vars(self)}
        return (json.dumps(document, indent=2) + "\n").encode()

    def find_fault(self, lab: str, files: Mapping[str, bytes]) -> str | None:
        """Why these `files` are not what was labelled for the `lab`; None where they are."""
        if self.lab != lab:
            return f"It was made for lab {shown(self.lab)}, not for {lab}. Hand in what lab submit writes for {lab}."
        for name in sorted(self.files.keys() | files.keys()):
            if name not in files:
                return f"{shown(name)}, which {NAME} names, is missing. {AGAIN}"
            if name not in self.files:
                return f"{shown(name)} was added: {NAME} does not name it. {AGAIN}"
            if _digest(files[name]) != self.files[name]:
                return f"{shown(name)} was changed after lab submit had packed it. {AGAIN}"
        return None


def take_off(code: Code, lab: str) -> Code:
    """The code without its label; as it is where it has none. Raises CodeError where it is not what was labelled."""
    if NAME not in code:
        return code
    label = Label.read(code[NAME])
    files = {name: data for name, data in code.items() if name != NAME}
    if fault := label.find_fault(lab, files):
        raise CodeError(fault)
    return Code(code.path, dict(files))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
