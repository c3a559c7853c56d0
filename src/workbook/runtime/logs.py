"""The function's log file → records.

The file holds raw printed bytes and, between them, the frames that awslambdaric writes for each logging
record: type (4 bytes, 0xA55A00tt), length (4), timestamp in µs (8), text. 0xA5 cannot start a UTF-8 character,
so the two are told apart without guessing (awslambdaric bootstrap.py, FramedTelemetryLogSink).
"""

import json
import re
from collections.abc import Callable, Iterator

from workbook.runtime.invocation import LogRecord

MARK = b"\xa5\x5a\x00"
HEADER_BYTES = 16
LIMIT_BYTES = 512 * 1024
LEVELS = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}

_TEXT_RECORD = re.compile(r"\[([A-Z]+)\]\t[^\t]*\t[^\t]*\t(.*)", re.DOTALL)
_ERROR_RECORD = re.compile(r"\[ERROR\] (.*?)(?:\n|\Z)", re.DOTALL)


def cap(size: int) -> list[tuple[int, int]]:
    """The (offset, length) parts to keep of a log of `size` bytes: all of it, or its two ends."""
    if size <= LIMIT_BYTES:
        return [(0, size)]
    half = LIMIT_BYTES // 2
    return [(0, half), (size - half, half)]


def split(data: bytes) -> Iterator[tuple[bool, str]]:
    """Yield (framed, text) in the order written. What only looks like a frame is shown as printed text."""
    position = 0
    while position < len(data):
        mark = data.find(MARK, position)
        if mark < 0:
            mark = len(data)
        if mark > position:
            yield False, data[position:mark].decode("utf-8", "replace")
        position = mark
        if position >= len(data):
            return
        length = int.from_bytes(data[position + 4 : position + 8], "big")
        end = position + HEADER_BYTES + length
        if len(data) - position >= HEADER_BYTES and end <= len(data):
            yield True, data[position + HEADER_BYTES : end].decode("utf-8", "replace")
            position = end
        else:
            yield False, data[position : position + len(MARK)].decode("utf-8", "replace")
            position += len(MARK)


def read_records(data: bytes, relocate: Callable[[str], str] = str) -> tuple[LogRecord, ...]:
    """Every record in `data`: one for each logging call, one for each printed line. `relocate` turns this
    machine's paths into the function's."""
    records: list[LogRecord] = []
    printed = ""
    for framed, text in split(data):
        if not framed:
            printed += text
            continue
        records += _printed_lines(relocate(printed))
        printed = ""
        records.append(_logged(relocate(text)))
    return (*records, *_printed_lines(relocate(printed)))


def _printed_lines(text: str) -> Iterator[LogRecord]:
    for line in text.replace("\r\n", "\n").split("\n"):
        if line:
            yield LogRecord(level=None, message=line, text=line)


def _logged(text: str) -> LogRecord:
    text = text.rstrip("\n")
    if match := _TEXT_RECORD.fullmatch(text):
        if match[1] in LEVELS:
            return LogRecord(match[1], match[2], text)
    elif match := _ERROR_RECORD.match(text):
        return LogRecord("ERROR", match[1], text)
    elif text.startswith("{"):
        try:
            document = json.loads(text)
            return LogRecord(str(document["level"]), str(document.get("message", "")), text)
        except (ValueError, KeyError, TypeError, RecursionError):
            pass
    return LogRecord(None, text, text)
