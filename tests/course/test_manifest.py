import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workbook.course.facts import as_of, default_runtime, limits, runtimes
from workbook.course.manifest import FunctionSettings, Manifest, ManifestError, ScheduleSetting, Task, load

COMPLETE = """\
title = "S3 writes"
summary = "Store a validated reading as JSON in an S3 bucket."
minutes = 35
budget = 12.5
files = ["lambda_function.py", "src/stations.py"]
[function]
name = "harbour-collector"
handler = "lambda_function.lambda_handler"
runtime = "python3.12"
architecture = "arm64"
timeout = 7
memory = 256
services = ["s3", "secretsmanager"]
requirements = "requirements.txt"
policy = "policy.json"
schedule = {expression = "rate(1 hour)", service = "scheduler", timezone = "Europe/Oslo"}
[function.environment]
BUCKET_NAME = "workbook-readings"
[cloud]
buckets = ["workbook-readings"]
[api]
responses = "api.json"
[[task]]
title = "Read the bucket's name"
hints = ["a nudge", "the concept", "nearly\\nthe line"]
[[task]]
title = "Store it"
file = "src/stations.py"
"""
MINIMAL = """\
title = "T"
summary = "S"
[function]
handler = "lambda_function.lambda_handler"
[[task]]
title = "One"
"""


@pytest.fixture
def written(tmp_path):
    def write(content: str | bytes) -> Path:
        path = tmp_path / "labs" / "03_s3_writes" / "lab.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def top(line: str) -> str:
    return f"{line}\n{MINIMAL}"


def function(lines: str) -> str:
    return MINIMAL.replace("[[task]]", f"{lines}\n[[task]]")


def test_every_key_is_read(written):
    manifest = load(written(COMPLETE))
    assert (manifest.title, manifest.minutes, manifest.budget) == ("S3 writes", 35, 12.5)
    assert manifest.files == ("lambda_function.py", "src/stations.py")
    assert manifest.buckets == ("workbook-readings",)
    assert manifest.api_responses == "api.json"
    assert manifest.tasks == (
        Task(1, "Read the bucket's name", "lambda_function.py", ("a nudge", "the concept", "nearly\nthe line")),
        Task(2, "Store it", "src/stations.py", ()),
    )
    settings = manifest.function
    assert (settings.name, settings.handler) == ("harbour-collector", "lambda_function.lambda_handler")
    assert (settings.runtime, settings.architecture) == ("python3.12", "arm64")
    assert (settings.timeout, settings.memory) == (7, 256)
    assert settings.services == ("s3", "secretsmanager")
    assert (settings.requirements, settings.policy) == ("requirements.txt", "policy.json")
    assert settings.schedule == ScheduleSetting("rate(1 hour)", "scheduler", "Europe/Oslo")
    assert settings.environment == {"BUCKET_NAME": "workbook-readings"}


def test_a_zip_among_the_files_is_built_by_the_student(written):
    text = MINIMAL.replace("[function]", 'files = ["lambda_function.py", "lambda_deploy.zip"]\n[function]', 1)
    assert load(written(text)).package == "lambda_deploy.zip"


def test_the_rest_has_defaults(written):
    manifest = load(written(MINIMAL))
    assert (manifest.minutes, manifest.files) == (30, ("lambda_function.py",))
    assert manifest.package is None
    assert (manifest.buckets, manifest.objects, manifest.api_responses) == ((), {}, None)
    settings = manifest.function
    assert (settings.name, settings.runtime, settings.architecture) == (
        "s3-writes",
        default_runtime(),
        "x86_64",
    )
    assert (settings.timeout, settings.memory) == (limits().timeout_default, limits().memory_default)
    assert (settings.services, settings.requirements, settings.policy) == ((), None, None)
    assert (settings.schedule, settings.environment) == (None, {})


def test_the_budget_follows_the_timeout_unless_it_is_written(written):
    assert load(written(MINIMAL)).budget == 14
    assert load(written(function("timeout = 10"))).budget == 35
    assert load(written(top("budget = 60"))).budget == 60


def test_a_schedule_belongs_to_rules_in_utc_unless_it_says_otherwise(written):
    manifest = load(written(function('schedule = {expression = "rate(5 minutes)"}')))
    assert manifest.function.schedule == ScheduleSetting("rate(5 minutes)", "rules", "UTC")


def test_a_manifest_cannot_be_changed_and_can_be_hashed(written):
    manifest = load(written(COMPLETE))
    with pytest.raises(AttributeError):
        manifest.title = "other"
    with pytest.raises(TypeError):
        manifest.function.environment["A_KEY"] = "other"
    assert {manifest: 1}[load(written(COMPLETE))] == 1


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(written):
    assert load(written(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())).title == "T"


def test_the_error_reads_as_promised(written):
    with pytest.raises(ManifestError) as caught:
        load(written(function("timeout = 1000")))
    assert str(caught.value) == (
        "labs/03_s3_writes/lab.toml: [function] timeout: 1000 is more than Lambda allows (1 to 900 seconds). "
        "Write a number from 1 to 900."
    )
    assert (caught.value.key, caught.value.cure) == ("[function] timeout", "Write a number from 1 to 900.")
    assert isinstance(caught.value, ValueError)


REFUSED = {
    "no title": (MINIMAL.replace('title = "T"', ""), "title: is missing"),
    "no summary": (MINIMAL.replace('summary = "S"', ""), "summary: is missing"),
    "empty title": (MINIMAL.replace('"T"', '"  "'), "title: is empty"),
    "escape in title": (MINIMAL.replace('"T"', r'"\u001b[2J"'), "title: holds a line break or a control"),
    "no function": (MINIMAL.replace("[function]\nhandler", "#"), "[function] handler: is missing"),
    "function is text": (top("function = 'x'").replace("[function]\nhandler", "#"), "[function]: is text"),
    "no tasks": (MINIMAL.partition("[[task]]")[0], "[[task]]: is missing"),
    "task is a table": (MINIMAL.replace("[[task]]", "[task]"), "task: is a table, where a list of tables"),
    "task is a number": (top("task = [3]").partition("[[task]]")[0], "[[task]] 1: is a whole number"),
    "task without title": (MINIMAL + "[[task]]\n", "[[task]] 2 title: is missing"),
    "hints are text": (MINIMAL + "hints = 'x'\n", "[[task]] 1 hints: is text, where a list of texts"),
    "hint is a number": (MINIMAL + "hints = [3]\n", "[[task]] 1 hints: is a whole number"),
    "hint is empty": (MINIMAL + "hints = ['']\n", "[[task]] 1 hints: '' is no plain text"),
    "unknown key": (top("sumary = 'x'"), "'sumary': is no key that belongs here. Did you mean summary?"),
    "unknown function key": (function("tiemout = 3"), "[function] 'tiemout': is no key that belongs here. Did you"),
    "unknown task key": (MINIMAL + "hint = []\n", "[[task]] 1 'hint': is no key that belongs here. Did you mean hints"),
    "unknown cloud key": (MINIMAL + "[cloud]\nqqq = 1\n", "Known here: buckets, objects."),
    "object in no bucket": (MINIMAL + "[cloud.objects]\n'abc/a.txt' = 'x'\n", "'abc/a.txt': is no BUCKET/KEY"),
    "object without a key": (MINIMAL + "[cloud]\nbuckets = ['abc']\nobjects = {'abc/' = 'x'}\n", "'abc/'"),
    "object that is no text": (MINIMAL + "[cloud]\nbuckets = ['abc']\nobjects = {'abc/a' = 1}\n", "abc/a"),
    "hostile key": (top(r'"\u001b]0;x" = 1'), r"'\x1b]0;x': is no key"),
    "minutes as text": (top("minutes = '30'"), "minutes: is text, where a whole number belongs"),
    "minutes as boolean": (top("minutes = true"), "minutes: is true or false, where a whole number"),
    "no minutes": (top("minutes = 0"), "minutes: 0 is less than the workbook allows"),
    "endless minutes": (top(f"minutes = {'9' * 400}"), "minutes: a number of many digits is more"),
    "budget nan": (top("budget = nan"), "budget: nan is no number of seconds"),
    "budget inf": (top("budget = inf"), "budget: inf is more than"),
    "budget zero": (top("budget = 0"), "budget: 0 is less than"),
    "no files": (top("files = []"), "files: is empty"),
    "files twice": (top("files = ['a.py', 'a.py']"), "files: 'a.py' stands there twice"),
    "files but for case": (top("files = ['a.py', 'A.py']"), "files: two names differ in case only"),
    "file of dates": (top("files = [2026-01-01]"), "files: is a date or time, where text"),
    "timeout as decimal": (function("timeout = 3.0"), "[function] timeout: is a decimal number"),
    "timeout zero": (function("timeout = 0"), "[function] timeout: 0 is less than Lambda allows"),
    "memory below": (function("memory = 127"), "[function] memory: 127 is less than Lambda allows (128 to 10240 MB)"),
    "memory above": (function("memory = 10241"), "[function] memory: 10241 is more than Lambda allows"),
    "name with space": (function("name = 'a b'"), "[function] name: 'a b' is no name that Lambda takes"),
    "name too long": (function(f"name = '{'a' * 65}'"), "Write at most 64 letters"),
    "runtime unknown": (function("runtime = 'python3.15'"), "'python3.15' is no Python runtime that Lambda offers"),
    "runtime of another language": (function("runtime = 'nodejs22.x'"), "is no Python runtime"),
    "runtime deprecated": (function("runtime = 'python3.10'"), "python3.10 is deprecated since 2026-10-31"),
    "architecture": (function("architecture = 'amd64'"), "Write x86_64 or arm64."),
    "service in capitals": (function("services = ['S3']"), "'S3' is no name of a service"),
    "policy outside": (function("policy = '../policy.json'"), "is no plain path inside the lab's folder"),
    "requirements absolute": (function("requirements = '/etc/passwd'"), "[function] requirements: "),
    "responses list": (MINIMAL + "[api]\nresponses = []\n", "[api] responses: is a list, where text belongs"),
    "schedule text": (function("schedule = 'rate(1 hour)'"), "[function.schedule]: is text, where a table"),
    "schedule words": (function("schedule = {expression = 'hourly'}"), "Write rate(...) or cron(...)."),
    "schedule at by rules": (
        function("schedule = {expression = 'at(2026-11-23T00:00:00)'}"),
        "is no schedule of this service",
    ),
    "schedule service": (
        function("schedule = {expression = 'rate(1 hour)', service = 'cron'}"),
        "Write rules or scheduler.",
    ),
    "time zone of rules": (
        function("schedule = {expression = 'rate(1 hour)', timezone = 'Europe/Oslo'}"),
        "rules run in UTC only",
    ),
    "time zone": (
        function("schedule = {expression = 'rate(1 hour)', service = 'scheduler', timezone = 'my zone'}"),
        "'my zone' is no time zone",
    ),
    "environment of numbers": (function("environment = {PORT = 80}"), "[function.environment] PORT: is a whole number"),
    "environment with NUL": (function(r'environment = {PORT = "\u0000"}'), "PORT: holds a NUL character"),
    "file of a task": (MINIMAL + "file = 'other.py'\n", "file: 'other.py' is none of the lab's files"),
    "bucket twice": (MINIMAL + "[cloud]\nbuckets = ['abc', 'abc']\n", "[cloud] buckets: 'abc' stands there twice"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_manifest_is_refused_with_file_key_and_cure(written, content, words):
    with pytest.raises(ManifestError) as caught:
        load(written(content))
    message = str(caught.value)
    assert message.startswith("labs/03_s3_writes/lab.toml: ")
    assert words in message
    assert message.isprintable()


@pytest.mark.parametrize(
    "key", ["AWS_REGION", "AWS_LAMBDA_FUNCTION_NAME", "_HANDLER", "LAMBDA_TASK_ROOT", "AWS_SECRET_ACCESS_KEY"]
)
def test_a_reserved_variable_is_refused(written, key):
    with pytest.raises(ManifestError, match=rf"\[function.environment\] {key}: is reserved"):
        load(written(function(f"environment = {{{key} = 'x'}}")))


@pytest.mark.parametrize("key", ["A", "1A", "_A", "A-B", "A.B", "Ä1", "", "A\n"])
def test_a_variable_needs_a_name_that_lambda_takes(written, key):
    quoted = key.replace("\n", "\\n")
    with pytest.raises(ManifestError, match="is no name that Lambda takes"):
        load(written(function(f"environment = {{\"{quoted}\" = 'x'}}")))


@pytest.mark.parametrize("key", ["AB", "a1", "A_", "TZ", "PATH", "AWS_LAMBDA_EXEC_WRAPPER"])
def test_other_variables_are_free(written, key):
    assert load(written(function(f"environment = {{{key} = 'x'}}"))).function.environment == {key: "x"}


def test_the_environment_may_take_4_kb_as_json_and_no_byte_more(written):
    frame = len('{"KEY":""}')
    fits = "é" * ((4096 - frame) // 2)
    load(written(function(f"[function.environment]\nKEY = '{fits}'")))
    with pytest.raises(ManifestError, match=r"takes 4097 bytes, more than Lambda allows \(4096 "):
        load(written(function(f"[function.environment]\nKEY = '{fits}a'")))


@pytest.mark.parametrize(
    "handler",
    ["lambda_function.lambda_handler", "src/collector.handle", "package.module.f", "my-module.main"],
)
def test_handlers_that_lambda_can_resolve(written, handler):
    assert load(written(MINIMAL.replace("lambda_function.lambda_handler", handler))).function.handler == handler


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        ("lambda_function", "has no dot"),
        ("", "has no dot"),
        (".f", "names no module and function"),
        ("m.", "names no module and function"),
        ("m. f", "names no module and function"),
        ("../m.f", "names no module and function"),
        ("/m.f", "names no module and function"),
        ("m.2f", "names no module and function"),
        ("m.f\\n", "names no module and function"),
        ("m" * 127 + ".f", "is longer than Lambda allows"),
    ],
)
def test_handlers_that_lambda_cannot_resolve(written, handler, words):
    with pytest.raises(ManifestError, match=rf"\[function\] handler: .*{words}"):
        load(written(MINIMAL.replace("lambda_function.lambda_handler", handler)))


@pytest.mark.parametrize("name", ["abc", "a-b.c", "1" * 63])
def test_buckets_that_s3_takes(written, name):
    assert load(written(f"{MINIMAL}[cloud]\nbuckets = ['{name}']\n")).buckets == (name,)


def test_objects_in_a_bucket(written):
    found = load(written(f"{MINIMAL}[cloud]\nbuckets = ['abc']\nobjects = {{'abc/a/b.txt' = 'x'}}\n"))
    assert found.objects == {"abc/a/b.txt": "x"}


@pytest.mark.parametrize(
    "name",
    ["ab", "a" * 64, "Abc", "a_b", "-abc", "abc-", ".abc", "a..b", "192.168.5.4", "xn--abc", "abc-s3alias", "abc\\n"],
)  # fmt: skip
def test_buckets_that_s3_refuses(written, name):
    with pytest.raises(ManifestError, match=r"\[cloud\] buckets: .* is no name that S3 takes"):
        load(written(f'{MINIMAL}[cloud]\nbuckets = ["{name}"]\n'))


@pytest.mark.parametrize("name", ["lambda_function.py", "src/a/b.py", ".funcignore", "målinger.py"])
def test_files_inside_the_folder(written, name):
    assert load(written(top(f"files = ['{name}']"))).files == (name,)


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../a.py", "a/../b.py", "/a.py", "a//b.py", "a/", "a\\\\b.py", "C:a.py", "a.", "a\\u0000b", "~/a",
     "a" * 201],
)  # fmt: skip
def test_files_that_lead_elsewhere(written, name):
    with pytest.raises(ManifestError, match=r"files: .* is no plain path inside the lab's folder"):
        load(written(top(f'files = ["{name}"]')))


@pytest.mark.parametrize("name", [name for name, known in runtimes().items() if not known.is_deprecated(as_of())])
def test_every_offered_runtime_is_taken(written, name):
    assert load(written(function(f"runtime = '{name}'"))).function.runtime == name


@pytest.mark.parametrize(
    ("folder", "name"),
    [("01_handler_basics", "handler-basics"), ("capstone", "capstone"), ("07_ø", "function"), ("a" * 90, "a" * 64)],
)
def test_the_functions_name_comes_from_the_folder(tmp_path, folder, name):
    path = tmp_path / folder / "lab.toml"
    path.parent.mkdir()
    path.write_text(MINIMAL)
    assert load(path).function.name == name


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"title = \n", r"is not valid TOML: .*line 1.*\. Mend that place"),
        (b"title = '\x00'", "is not valid TOML"),
        (b"title = '\xff'", "is not UTF-8 text"),
        (b"a = " + b"[" * 3000, "is nested too deeply"),
        (b"a = " + b"9" * 3990, "is no key that belongs here"),
        (b"#\n" * 40_000, "is larger than 64 KB"),
        (b"a." * 3000 + b"a = 1", "has a line of more than 4000 characters"),
        (b"title = 'a'\ntitle = 'b'", "is not valid TOML"),
        (b"d = 2026-99-99", "is not valid TOML"),
        (b"", "title: is missing|handler: is missing"),
    ],
)
def test_a_hostile_file_is_refused(written, content, words):
    with pytest.raises(ManifestError, match=words):
        load(written(content))


def test_a_path_that_is_no_file_is_refused(tmp_path):
    for path in (tmp_path / "lab.toml", tmp_path, Path("a\0b")):
        with pytest.raises(ManifestError):
            load(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "lab.toml")
    with pytest.raises(ManifestError, match="there is no such file"):
        load(tmp_path / "lab.toml")


def test_the_message_holds_no_path_of_the_machine(written, tmp_path):
    with pytest.raises(ManifestError) as caught:
        load(written(""))
    assert str(tmp_path) not in str(caught.value)


VALUES = st.recursive(
    st.sampled_from(
        ["true", "-1", "0", "3.5", "nan", "'x'", '""', "'a.b'", "2026-11-23", "07:30:00", r'"\u001b\u0000"']
    )
    | st.integers().map(str),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | inner.map(lambda item: f"{{expression = {item}, KEY = {item}}}")
    ),
    max_leaves=4,
)
TABLES = ["cloud", "api", "task", "other"]
BELOW = ["function.environment.KEY", "function.schedule.service", "cloud.buckets", "api.responses", "task.hints"]
KEYS = st.sampled_from(
    [*Manifest.__dataclass_fields__, *FunctionSettings.__dataclass_fields__, *TABLES, *BELOW, "hints"]
)
LINES = st.one_of(
    st.builds("{} = {}".format, KEYS, VALUES),
    st.sampled_from(["[function]", "[cloud]", "[api]", "[[task]]", "[function.environment]", "[function.schedule]"]),
    st.sampled_from(MINIMAL.splitlines()),
    st.text(max_size=20),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=12).map("\n".join) | st.builds("{}{}".format, st.just(MINIMAL), LINES))
@example(MINIMAL)
def test_any_text_gives_a_manifest_or_its_error(tmp_path_factory, text):
    folder = tmp_path_factory.getbasetemp() / "any-text"  # a lab.toml above other tests' folders would be their course
    folder.mkdir(exist_ok=True)
    path = folder / "lab.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        manifest = load(path)
    except ManifestError:
        return
    assert manifest.title == tomllib.loads(text)["title"]
    assert 1 <= manifest.function.timeout <= 900
