"""A lab's manifest, `lab.toml`: what the lab is, what its function is deployed with, and its tasks."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from workbook.course import rules
from workbook.course.facts import as_of, default_runtime, limits, runtimes
from workbook.course.table import ManifestError, Table, quoted

__all__ = ["FunctionSettings", "Manifest", "ManifestError", "ScheduleSetting", "Task", "load"]

_LARGEST = 64 * 1024
_LONGEST_LINE = 4_000  # tomllib's time grows with the square of a dotted key's length
_ARCHITECTURES = ("x86_64", "arm64")
_SCHEDULERS = ("rules", "scheduler")


@dataclass(frozen=True)
class ScheduleSetting:
    """What invokes the function; `service` is `rules` (EventBridge rules) or `scheduler` (EventBridge Scheduler)."""

    expression: str
    service: str = "rules"
    timezone: str = "UTC"


@dataclass(frozen=True)
class FunctionSettings:
    """What one would set in the console: timeout in seconds, memory in MB; files are named from the lab's folder."""

    name: str
    handler: str
    runtime: str
    architecture: str
    timeout: int
    memory: int
    services: tuple[str, ...]
    requirements: str | None
    policy: str | None
    schedule: ScheduleSetting | None
    environment: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True)
class Task:
    """A numbered step of the lab's README, with its hints from a nudge to nearly the line; `file` is the one of
    the lab's files that it is done in."""

    number: int
    title: str
    file: str
    hints: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    """A lab as its author declared it: `minutes` for the student, `budget` in seconds for judging a submission,
    `objects` what lies in the buckets at first, a text by BUCKET/KEY."""

    title: str
    summary: str
    minutes: int
    files: tuple[str, ...]
    budget: float
    function: FunctionSettings
    buckets: tuple[str, ...]
    objects: Mapping[str, str] = field(hash=False)
    api_responses: str | None
    tasks: tuple[Task, ...]

    @property
    def package(self) -> str | None:
        """The zip among `files`, which the student builds: the lab comes without it."""
        return next((name for name in self.files if name.endswith(".zip")), None)


def load(path: Path) -> Manifest:
    """Reads and validates the manifest at `path`. Raises ManifestError, whatever the file holds."""
    top = Table(
        path,
        "",
        _parse(path),
        ("title", "summary", "minutes", "files", "budget", "function", "cloud", "api", "task"),
    )
    function = _function(top, path.absolute().parent.name)
    cloud = top.table("cloud", "[cloud]", ("buckets", "objects"))
    buckets = _buckets(cloud)
    files = _files(top)
    return Manifest(
        title=top.line("title"),
        summary=top.line("summary"),
        minutes=top.whole("minutes", 30, 1, 600, "minutes", owner="the workbook"),
        files=files,
        budget=top.seconds("budget", 3 * function.timeout + 5, 1, 3600),
        function=function,
        buckets=buckets,
        objects=_objects(cloud, buckets),
        api_responses=_file(top.table("api", "[api]", ("responses",)), "responses"),
        tasks=_tasks(top, files),
    )


def _parse(path: Path) -> object:
    try:
        if not path.is_file():
            raise ManifestError(path, None, "there is no such file", "A lab's folder needs a lab.toml.")
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise ManifestError(path, None, f"is larger than {_LARGEST // 1024} KB", "Shorten it.")
        text = content.decode("utf-8-sig")
        if max(map(len, text.splitlines()), default=0) > _LONGEST_LINE:
            problem = f"has a line of more than {_LONGEST_LINE} characters"
            raise ManifestError(path, None, problem, "Break it into several.")
        return tomllib.loads(text)
    except OSError as error:
        reason = error.strerror or "the system gave no reason"
        raise ManifestError(path, None, f"cannot be read ({reason})", "Check its permissions.") from error
    except UnicodeDecodeError as error:
        raise ManifestError(path, None, "is not UTF-8 text", "Save it as UTF-8.") from error
    except RecursionError as error:
        raise ManifestError(path, None, "is nested too deeply", "Write plain tables and lists.") from error
    except ManifestError:
        raise
    except ValueError as error:
        raise ManifestError(path, None, f"is not valid TOML: {error}", "Mend that place.") from error


def _function(top: Table, folder: str) -> FunctionSettings:
    table = top.table("function", "[function]", tuple(FunctionSettings.__dataclass_fields__))
    bounds = limits()
    name = table.text("name", _function_name(folder))
    table.hold("name", rules.function_name_fault(name))
    handler = table.text("handler")
    table.hold("handler", rules.handler_fault(handler))
    services = table.texts("services")
    for service in services:
        table.hold("services", rules.service_fault(service))
    return FunctionSettings(
        name=name,
        handler=handler,
        runtime=_runtime(table),
        architecture=_choice(table, "architecture", _ARCHITECTURES),
        timeout=table.whole("timeout", bounds.timeout_default, bounds.timeout_min, bounds.timeout_max, "seconds"),
        memory=table.whole("memory", bounds.memory_default, bounds.memory_min, bounds.memory_max, "MB"),
        services=services,
        requirements=_file(table, "requirements"),
        policy=_file(table, "policy"),
        schedule=_schedule(table),
        environment=_environment(table),
    )


def _function_name(folder: str) -> str:
    words = re.sub(r"^\d+_", "", folder)
    return re.sub(r"[^a-zA-Z0-9]+", "-", words).strip("-")[: limits().function_name_length] or "function"


def _runtime(table: Table) -> str:
    name = table.text("runtime", default_runtime())
    offered = [known.name for known in runtimes().values() if not known.is_deprecated(as_of())]
    cure = f"Choose one of {', '.join(offered)}."
    if name not in runtimes():
        table.refuse("runtime", f"{quoted(name)} is no Python runtime that Lambda offers", cure)
    if name not in offered:
        table.refuse("runtime", f"{name} is deprecated since {runtimes()[name].deprecated}", cure)
    return name


def _choice(table: Table, key: str, choices: tuple[str, ...]) -> str:
    value = table.text(key, choices[0])
    if value not in choices:
        table.refuse(key, f"{quoted(value)} is not known", f"Write {' or '.join(choices)}.")
    return value


def _schedule(function: Table) -> ScheduleSetting | None:
    if "schedule" not in function:
        return None
    table = function.table("schedule", "[function.schedule]", tuple(ScheduleSetting.__dataclass_fields__))
    service = _choice(table, "service", _SCHEDULERS)
    expression = table.text("expression")
    table.hold("expression", rules.schedule_fault(expression, service))
    timezone = table.text("timezone", "UTC")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_+/-]{0,63}", timezone):
        table.refuse("timezone", f"{quoted(timezone)} is no time zone", "Write one such as Europe/Oslo.")
    if service == "rules" and timezone != "UTC":
        table.refuse("timezone", "rules run in UTC only", 'Leave it out, or write service = "scheduler".')
    return ScheduleSetting(expression, service, timezone)


def _environment(function: Table) -> Mapping[str, str]:
    table = function.table("environment", "[function.environment]")
    environment = {}
    for key in table:
        shown = key if key.isidentifier() and len(key) <= 60 else quoted(key)
        table.hold(shown, rules.environment_key_fault(key))
        value = environment[key] = table.text(key)
        if "\0" in value:
            table.refuse(key, "holds a NUL character", "Leave it out: no environment can carry it.")
    function.hold("environment", rules.environment_size_fault(environment))
    return MappingProxyType(environment)


def _files(top: Table) -> tuple[str, ...]:
    files = top.texts("files", ("lambda_function.py",))
    if not files:
        top.refuse("files", "is empty", "Name what the student writes and hands in.")
    for name in files:
        top.hold("files", rules.file_fault(name))
    if len({name.casefold() for name in files}) < len(files):
        top.refuse("files", "two names differ in case only", "Choose names that differ on every system.")
    return files


def _file(table: Table, key: str) -> str | None:
    if key not in table:
        return None
    name = table.text(key)
    table.hold(key, rules.file_fault(name))
    return name


def _buckets(cloud: Table) -> tuple[str, ...]:
    buckets = cloud.texts("buckets")
    for name in buckets:
        cloud.hold("buckets", rules.bucket_fault(name))
    return buckets


def _objects(cloud: Table, buckets: tuple[str, ...]) -> Mapping[str, str]:
    table = cloud.table("objects", "[cloud.objects]")
    for place in table:
        bucket, _, key = place.partition("/")
        if bucket not in buckets or not key:
            table.refuse(quoted(place), "is no BUCKET/KEY in one of [cloud] buckets", "Name the bucket there too.")
    return MappingProxyType({place: table.text(place) for place in table})


def _tasks(top: Table, files: tuple[str, ...]) -> tuple[Task, ...]:
    tables = top.tables("task", ("title", "file", "hints"))
    if not tables:
        top.refuse("[[task]]", "is missing", "Write one [[task]] for each step of the README.")
    return tuple(
        Task(number, table.line("title"), _one_of(files, table), _hints(table))
        for number, table in enumerate(tables, 1)
    )


def _one_of(files: tuple[str, ...], task: Table) -> str:
    file = task.line("file", files[0])
    if file not in files:
        task.refuse("file", f"{quoted(file)} is none of the lab's files", f"Write one of: {', '.join(files)}.")
    return file


def _hints(task: Table) -> tuple[str, ...]:
    hints = task.texts("hints")
    for hint in hints:
        if not hint.strip() or not hint.replace("\n", "").isprintable():
            task.refuse("hints", f"{quoted(hint)} is no plain text", "Write words, on one line or several.")
    return hints
