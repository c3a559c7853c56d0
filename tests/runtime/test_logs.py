"""The log: what is seen, at which level, in which order, and the platform's own lines."""

import io
import re
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from workbook.runtime import LogRecord, logs, report

LOGS = "import logging, os, sys\n{first}\ndef lambda_handler(event, context):\n    {body}\n    return 1\n"


def records(deploy, body: str, first: str = "", **settings) -> list[tuple[str | None, str]]:
    invocation = deploy(LOGS.format(body=body, first=first), **settings).invoke()
    assert invocation.error is None, invocation.log_text
    return [(record.level, record.message) for record in invocation.logs]


def test_info_is_lost_until_the_level_is_set(deploy) -> None:
    assert records(deploy, "logging.info('i'); logging.warning('w')") == [("WARNING", "w")]
    level = "logging.getLogger().setLevel(logging.INFO)"
    assert records(deploy, "logging.info('i'); logging.debug('d')", level) == [("INFO", "i")]


def test_basic_config_has_no_effect_unless_forced(deploy) -> None:
    config = "logging.basicConfig(level=logging.INFO)"
    assert records(deploy, "logging.info('i'); logging.error('e')", config) == [("ERROR", "e")]
    forced = "logging.basicConfig(level=logging.INFO, force=True)"
    assert records(deploy, "logging.info('i')", forced) == [(None, "INFO:root:i")]


def test_json_when_the_variable_asks_for_it(deploy) -> None:
    settings = {"environment": {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "INFO"}}
    invocation = deploy(LOGS.format(first="", body="logging.info('i'); print('p')"), **settings).invoke()
    assert [(record.level, record.message) for record in invocation.logs] == [("INFO", "i"), (None, "p")]
    assert f'"requestId": "{invocation.request_id}"' in invocation.logs[0].text


def test_the_line_is_lambdas(deploy) -> None:
    invocation = deploy(LOGS.format(first="logging.error('early')", body="logging.error('now')")).invoke()
    stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    assert re.fullmatch(rf"\[ERROR\]\t{stamp}\t\tearly", invocation.logs[0].text)
    assert re.fullmatch(rf"\[ERROR\]\t{stamp}\t{invocation.request_id}\tnow", invocation.logs[1].text)


def test_the_order_is_the_order_of_writing(deploy) -> None:
    body = (
        "for n in range(50):\n"
        "        print('p', n)\n        logging.error('l %s', n)\n        os.write(1, b'w\\n')\n"
        "        print('e', file=sys.stderr)\n"
        "    print('last', end='')"
    )
    expected = [x for n in range(50) for x in ((None, f"p {n}"), ("ERROR", f"l {n}"), (None, "w"), (None, "e"))]
    assert records(deploy, body) == [*expected, (None, "last")]


def test_a_subprocess_writes_to_the_same_log(deploy) -> None:
    body = "import subprocess; print('a'); subprocess.run([sys.executable, '-c', 'print(\"b\")']); print('c')"
    assert records(deploy, body) == [(None, "a"), (None, "b"), (None, "c")]


def test_an_uncaught_error_is_logged_with_its_trace(deploy) -> None:
    failed = deploy("def lambda_handler(event, context):\n    return event['x']\n").invoke({})
    assert [(record.level, record.message) for record in failed.logs] == [("ERROR", "KeyError: 'x'")]
    assert failed.logs[0].text == (
        "[ERROR] KeyError: 'x'\nTraceback (most recent call last):\n"
        "\xa0\xa0File \"/var/task/lambda_function.py\", line 2, in lambda_handler\n\xa0\xa0\xa0\xa0return event['x']"
    )


def test_a_failed_init_logs_lambdas_warning_first(deploy) -> None:
    failed = deploy("import requestz\n").invoke()
    warning, error = failed.logs
    assert warning.level == "WARNING"
    assert warning.message.startswith("LAMBDA_WARNING: Unhandled exception. The most likely cause is")
    assert error.message.startswith("Runtime.ImportModuleError: Unable to import module")


def test_start_end_and_report(deploy) -> None:
    function = deploy(
        "print('init')\ndef lambda_handler(event, context):\n    print('run')\n", memory=256, name="harbour"
    )
    cold, warm = function.invoke(), function.invoke()
    number = r"\d+\.\d\d"
    expected = (
        rf"init\nSTART RequestId: {cold.request_id} Version: \$LATEST\nrun\nEND RequestId: {cold.request_id}\n"
        rf"REPORT RequestId: {cold.request_id}\tDuration: {number} ms\tBilled Duration: {cold.billed_ms} ms\t"
        rf"Memory Size: 256 MB\tMax Memory Used: {cold.max_memory_mb} MB\tInit Duration: {number} ms\t\n"
    )
    assert re.fullmatch(expected, cold.log_text)
    assert warm.log_text.startswith(f"START RequestId: {warm.request_id} ")
    assert "Init Duration" not in warm.log_text
    assert (cold.cold, warm.cold) == (True, False)
    assert cold.init_ms is not None
    assert warm.init_ms is None
    assert 0 <= cold.init_ms + cold.duration_ms <= cold.billed_ms < cold.init_ms + cold.duration_ms + 1.01
    assert warm.billed_ms >= warm.duration_ms


def test_the_bill_is_rounded_up_to_a_millisecond() -> None:
    assert report.bill(395.99, 265.72) == 662  # AWS's own sample since init is billed
    assert report.bill(1.0, None) == 1
    assert report.bill(1.01, None) == 2
    assert report.bill(0.0, None) == 1


LINE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), min_size=1)


@given(st.lists(st.tuples(st.booleans(), LINE)))
def test_frames_and_printed_lines_come_apart_again(entries: list[tuple[bool, str]]) -> None:
    data = b"".join(logs.frame(text) if framed else f"{text}\n".encode() for framed, text in entries)
    assert [record.text for record in logs.read_records(data)] == [text for _, text in entries]


@given(st.binary(max_size=400) | st.lists(st.sampled_from([logs.MARK, b"\x03", b"\0\0\0\x01", b"a\n"])).map(b"".join))
def test_any_bytes_are_a_log(data: bytes) -> None:
    for record in logs.read_records(data):
        assert isinstance(record, LogRecord)
        record.text.encode()


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["short", "x" * 60])), max_size=60))
def test_a_long_log_is_cut_between_lines_and_frames(entries: list[tuple[bool, str]]) -> None:
    whole = b"".join(logs.frame(text) if framed else f"{text}\n".encode() for framed, text in entries)
    with patch.object(logs, "LIMIT_BYTES", 1000):
        texts = [record.text for record in logs.read_records(logs.read(io.BytesIO(whole), 0, len(whole)))]
    originals = [text for _, text in entries]
    if len(whole) <= 1000:
        assert texts == originals
        return
    cut = next(n for n, text in enumerate(texts) if "bytes of log left out" in text)
    tail = texts[cut + 1 :]
    assert cut > 0
    assert tail
    assert texts[:cut] == originals[:cut]
    assert tail == originals[-len(tail) :]
