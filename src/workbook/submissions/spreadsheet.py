"""A CSV file as spreadsheets and learning management systems write it: encoding and delimiter found out, every cell
text that nothing acts on."""

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from workbook.course.safefile import read_file

MAX_BYTES = 10_000_000
MAX_ROWS = 50_000
MAX_CELL = 10_000  # characters

_DELIMITERS = ",;\t"  # Excel: by the country; its "Unicode text" is UTF-16 with tabs
_SAID = re.compile(r"sep=([,;|\t])", re.IGNORECASE)  # a first line of Excel's own
_ENCODINGS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_SAVE_AGAIN = "Save it from the spreadsheet as “CSV UTF-8”."


class SpreadsheetError(ValueError):
    """The file cannot be read as CSV; the text says why and what to do, `line` in which line (0: in the whole)."""

    def __init__(self, text: str, line: int = 0) -> None:
        super().__init__(text)
        self.line = line


@dataclass(frozen=True)
class Row:
    """A row's cells without the space around them, by header; `line` is where it begins in the file, from 1."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Spreadsheet:
    """A header, as spelled, on `line` of the file, and the rows below it; blank rows and headers are left out."""

    line: int
    header: tuple[str, ...]
    rows: tuple[Row, ...]

    @classmethod
    def read(cls, path: Path, known: Collection[str]) -> "Spreadsheet":
        """The CSV file at `path`: UTF-8, or UTF-16 with its mark; parted by commas, semicolons or tabs, whichever
        gives most of the `known` headers, in lower case. Raises SpreadsheetError."""
        text = _read_text(path)
        found = _records(text, _find_delimiter(text, known))
        line, header = next(found, (0, []))
        if not line:
            raise SpreadsheetError("It is empty. Its first line names the columns.")
        for name in header:
            if name and sum(name.casefold() == other.casefold() for other in header) > 1:
                raise SpreadsheetError(f"Two columns are called {name!r}. Rename one of them.", line)
        rows = tuple(Row(line, _by_header(line, cells, header)) for line, cells in found)
        return cls(line, tuple(filter(None, header)), rows)


def _read_text(path: Path) -> str:
    try:
        content = read_file(path, MAX_BYTES)
    except OSError as error:
        raise SpreadsheetError(f"It cannot be read: {error.strerror}.") from error
    encoding = next((name for mark, name in _ENCODINGS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SpreadsheetError(f"It is not in {encoding.upper()}. {_SAVE_AGAIN}", line) from error
    before, nul, _ = text.partition("\0")
    if nul:
        raise SpreadsheetError(f"There is a NUL character. {_SAVE_AGAIN}", before.count("\n") + 1)
    return text


def _find_delimiter(text: str, known: Collection[str]) -> str:
    line = next((line for line in text.splitlines() if line.strip()), "")
    if said := _SAID.fullmatch(line):
        return said[1]

    def count_known(delimiter: str) -> int:
        return sum(cell.strip(' "').casefold() in known for cell in line.split(delimiter))

    return max(_DELIMITERS, key=count_known)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not blank, and the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line, count = 1, 0
    try:
        for record in reader:
            cells = [cell.strip() for cell in record]
            if any(len(cell) > MAX_CELL for cell in cells):
                raise SpreadsheetError(f"A cell is longer than {MAX_CELL} characters. Is it a class list?", line)
            count += any(cells)
            if count > MAX_ROWS:
                raise SpreadsheetError(f"There are more than {MAX_ROWS} rows. Is it a class list?", line)
            if any(cells) and not _SAID.fullmatch(delimiter.join(record)):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise SpreadsheetError(f"A cell cannot be read ({error}). {_SAVE_AGAIN}", line) from error


def _by_header(line: int, cells: list[str], header: list[str]) -> dict[str, str]:
    if any(cells[len(header) :]):
        raise SpreadsheetError(
            f"There are {len(cells)} cells under {len(header)} columns. Put a name that has a comma in double quotes.",
            line,
        )
    cells = cells + [""] * (len(header) - len(cells))
    return {name: cell for name, cell in zip(header, cells, strict=False) if name}
