"""The function's log file → records.

The file holds raw printed bytes and, between them, the frames that awslambdaric writes for each logging
record: type (4 bytes, 0xA55A00tt), length (4), timestamp in µs (8), text. 0xA5 cannot start a UTF-8 character,
so the two are told apart without guessing (awslambdaric bootstrap.py, FramedTelemetryLogSink).
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from workbook.runtime.invocation import LogRecord

MARK = b"\xa5\x5a\x00"
HEADER_BYTES = 16
LIMIT_BYTES = 512 * 1024
LEVELS = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}

_TEXT_RECORD = re.compile(r"\[([A-Z]+)\]\t[^\t]*\t[^\t]*\t(.*)", re.DOTALL)
_ERROR_RECORD = re.compile(r"\[ERROR\] (.*?)(?:\nTraceback |\Z)", re.DOTALL)


class Piece(NamedTuple):
    """Text as it lies in the log: `framed` by awslambdaric or printed; `start` is its offset in bytes."""

    start: int
    framed: bool
    text: str


def read(file: BinaryIO, start: int, end: int) -> bytes:
    """The log between two offsets; of a very long one its two ends, cut where a line or a frame ends."""
    if end - start <= LIMIT_BYTES:
        return _read(file, start, end)
    half = LIMIT_BYTES // 2
    head, tail = _read(file, start, start + half), _read(file, end - half, end)
    head, tail = head[: _last_boundary(head)], tail[_first_boundary(tail) :]
    left_out = end - start - len(head) - len(tail)
    return head + f"\n[... {left_out} bytes of log left out ...]\n".encode() + tail


def _read(file: BinaryIO, start: int, end: int) -> bytes:
    file.seek(start)
    return file.read(max(0, end - start))


def _last_boundary(data: bytes) -> int:
    """Where the last complete line or frame ends; the end, when there is only one endless line."""
    *_, last = split(data)
    if last.framed:
        return len(data)
    frame = data.find(MARK, last.start)
    if frame >= 0:
        return frame
    return data.rfind(b"\n") + 1 or len(data)


def _first_boundary(data: bytes) -> int:
    ends = [offset for offset in (data.find(b"\n") + 1, data.find(MARK)) if offset > 0]
    return min(ends, default=0)


def split(data: bytes) -> Iterator[Piece]:
    """Yield what was printed and what was logged, in the order written. What only looks like a frame is shown as
    printed text."""
    position = printed = 0
    while (mark := data.find(MARK, position)) >= 0:
        length = int.from_bytes(data[mark + 4 : mark + 8], "big")
        end = mark + HEADER_BYTES + length
        if mark + HEADER_BYTES > len(data) or end > len(data):
            position = mark + len(MARK)
            continue
        if mark > printed:
            yield Piece(printed, False, _decode(data[printed:mark]))
        yield Piece(mark, True, _decode(data[mark + HEADER_BYTES : end]))
        position = printed = end
    if printed < len(data):
        yield Piece(printed, False, _decode(data[printed:]))


def frame(text: str) -> bytes:
    """`text` as awslambdaric frames it, without a time."""
    data = text.encode("utf-8", "replace")
    return MARK + b"\x03" + len(data).to_bytes(4, "big") + bytes(8) + data


def read_records(data: bytes, relocate: Callable[[str], str] = str) -> tuple[LogRecord, ...]:
    """Every record in `data`: one for each logging call, one for each printed line. `relocate` turns this
    machine's paths into the function's."""
    records: list[LogRecord] = []
    for piece in split(data):
        text = relocate(piece.text)
        records += [_logged(text)] if piece.framed else _printed_lines(text)
    return tuple(records)


def _printed_lines(text: str) -> Iterator[LogRecord]:
    for line in text.replace("\r\n", "\n").split("\n"):
        if line:
            yield LogRecord(level=None, message=line, text=line)


def _logged(text: str) -> LogRecord:
    text = text.rstrip("\r\n")
    if match := _TEXT_RECORD.fullmatch(text):
        if match[1] in LEVELS:
            return LogRecord(match[1], match[2], text)
    elif match := _ERROR_RECORD.match(text):
        return LogRecord("ERROR", match[1], text)
    elif text.startswith("{"):
        try:
            document = json.loads(text)
            return LogRecord(
                str(document["level"]), _decode(str(document.get("message", "")).encode("utf-8", "replace")), text
            )
        except (ValueError, KeyError, TypeError, RecursionError):
            pass
    return LogRecord(None, text, text)


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "replace")
