"""The facts that age, on the site: one by its name, or a table of them, from the dated file in `workbook.course`."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from workbook.course import facts
from workbook.site.fault import PageFault

MB, KB = 1024 * 1024, 1024

# What each of `facts.Limits` is, in the table's order, and its unit.
LIMITS = {
    "timeout_default": ("Timeout, unless you set it", "s"),
    "timeout_min": ("Shortest timeout", "s"),
    "timeout_max": ("Longest timeout", "s"),
    "memory_default": ("Memory, unless you set it", "MB"),
    "memory_min": ("Least memory", "MB"),
    "memory_max": ("Most memory", "MB"),
    "memory_per_vcpu": ("Memory that brings one whole processor", "MB"),
    "init_seconds": ("Init phase (code outside the handler)", "s"),
    "tmp_mb_default": ("Space in `/tmp`, unless you set it", "MB"),
    "tmp_mb_max": ("Most space in `/tmp`", "MB"),
    "request_bytes": ("Event of a synchronous invocation", ""),
    "response_bytes": ("Response of a synchronous invocation", ""),
    "async_event_bytes": ("Event of an asynchronous invocation", ""),
    "async_attempts": ("Attempts of an asynchronous event that fails", ""),
    "environment_bytes": ("All environment variables together", ""),
    "zip_upload_bytes": ("Zip that is uploaded directly", ""),
    "zip_request_bytes": ("The same upload as the API counts it, in base64", ""),
    "unzipped_bytes": ("Code unzipped, with its layers", ""),
    "console_editor_bytes": ("Code that the console's editor shows", ""),
    "layers": ("Layers of a function", ""),
    "file_descriptors": ("Open files", ""),
    "processes": ("Processes and threads", ""),
    "function_name_length": ("Length of a function's name", "characters"),
    "handler_length": ("Length of the handler setting", "characters"),
    "log_retention_days": ("Days that a log group can keep its lines", ""),
}

PRICES = {
    "per_million_requests": "A million requests",
    "per_gb_second_x86_64": "A GB-second on x86_64, first tier",
    "per_gb_second_arm64": "A GB-second on arm64, first tier",
    "free_requests_per_month": "Requests that are free each month",
    "free_gb_seconds_per_month": "GB-seconds that are free each month",
    "billing_step_ms": "Time is billed in steps of (ms)",
    "init_billed_since": "The init phase is billed since",
}


def tell(name: str) -> str:
    """The fact `name`, as it stands in a sentence: `limits.timeout_max`, `runtimes.python3.9.deprecated`, `month`.

    Raises PageFault for a name that is not known, and for a date that the sources disagree about.
    """
    section, _, field = name.partition(".")
    if section in SECTIONS and field:
        return SECTIONS[section](name, field)
    if name in MOMENTS:
        return MOMENTS[name]()
    known = [*MOMENTS, *(f"{section}.…" for section in SECTIONS)]
    raise PageFault(f"There is no fact {name!r}; there are {', '.join(known)}.")


def tabulate(name: str) -> str:
    """The Markdown table `runtimes`, `limits` or `prices`, with its date and sources. Raises PageFault."""
    if name not in TABLES:
        raise PageFault(f"There is no table of facts {name!r}; there are {', '.join(TABLES)}.")
    return TABLES[name]()


def offered() -> list[str]:
    """The Pythons that the console offered on the file's date, oldest first: `3.13`."""
    today = facts.as_of()
    return [name.removeprefix("python") for name, one in facts.runtimes().items() if not one.is_deprecated(today)]


def show_day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _tell_runtime(name: str, field: str) -> str:
    if field == "default":
        return facts.default_runtime()
    if field == "offered":
        *others, last = offered()
        return f"{', '.join(others)} and {last}"
    if field == "newest":
        return offered()[-1]
    runtime, _, about = field.rpartition(".")
    if runtime not in facts.runtimes():
        raise PageFault(f"There is no fact {name!r}: the runtimes are {', '.join(facts.runtimes())}.")
    found = facts.runtimes()[runtime]
    if isinstance(getattr(found, about, None), date) and found.disputed:
        raise PageFault(f"{name}: {found.disputed}")
    return _tell_field(found, name, about)


def _tell_field(group: facts.Runtime | facts.Limits | facts.Prices, name: str, field: str) -> str:
    if field not in group._fields:
        raise PageFault(f"There is no fact {name!r}; its neighbours are {', '.join(group._fields)}.")
    return _show(field, getattr(group, field))


def _show(field: str, value: Any) -> str:
    if isinstance(value, date):
        return show_day(value)
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if field.endswith("_bytes"):
        return _show_bytes(value)
    if isinstance(value, float):
        whole, _, decimals = f"{value:.10f}".rstrip("0").partition(".")
        return f"${whole}.{decimals:0<2}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _show_bytes(count: int) -> str:
    for size, unit in ((MB, "MB"), (KB, "KB")):
        if count % size == 0:
            return f"{count // size} {unit}"
    return f"{count:,} bytes"


def _tabulate_runtimes() -> str:
    heads = ("Python", "system", "deprecated", "no new functions from", "no updates from")
    known = facts.runtimes().values()
    rows = [(f"`{one.name}`", one.os, *_show_dates(one)) for one in known]
    return _table(heads, rows, (one.source for one in known))


def _show_dates(runtime: facts.Runtime) -> Iterable[str]:
    if runtime.disputed:
        return ["sources differ"] * 3
    return map(show_day, (runtime.deprecated, runtime.block_create, runtime.block_update))


def _tabulate_limits() -> str:
    limits = facts.limits()
    rows = [(what, f"{_show(field, getattr(limits, field))} {unit}") for field, (what, unit) in LIMITS.items()]
    return _table(("limit", "value"), rows, [limits.source])


def _tabulate_prices() -> str:
    prices = facts.prices()
    rows = [(what, _show(field, getattr(prices, field))) for field, what in PRICES.items()]
    return _table(("in us-east-1, US dollars", "value"), rows, [prices.source])


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]], sources: Iterable[str]) -> str:
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    named = dict.fromkeys(part.strip() for source in sources for part in source.split(";"))
    return "\n".join(
        [
            *(f"| {' | '.join(cell.strip() for cell in line)} |" for line in lines),
            "",
            f"As of {show_day(facts.as_of())}. Sources: {'; '.join(named)}.",
        ]
    )


MOMENTS: Mapping[str, Callable[[], str]] = {
    "as_of": lambda: show_day(facts.as_of()),
    "month": lambda: f"{facts.as_of():%B %Y}",
}
SECTIONS: Mapping[str, Callable[[str, str], str]] = {
    "runtimes": _tell_runtime,
    "limits": lambda name, field: _tell_field(facts.limits(), name, field),
    "prices": lambda name, field: _tell_field(facts.prices(), name, field),
}
TABLES: Mapping[str, Callable[[], str]] = {
    "runtimes": _tabulate_runtimes,
    "limits": _tabulate_limits,
    "prices": _tabulate_prices,
}
