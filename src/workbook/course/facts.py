"""Facts about AWS Lambda that age, read from the dated `facts.toml` beside this module."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple


class Runtime(NamedTuple):
    """A Python runtime of Lambda; `disputed` says what the sources disagree about, if they do."""

    name: str
    os: str
    deprecated: date
    block_create: date
    block_update: date
    source: str
    disputed: str | None = None

    def is_deprecated(self, on: date) -> bool:
        return self.deprecated <= on


class Limits(NamedTuple):
    """Lambda's quotas: times in seconds, memory and temporary space in MB, payloads and packages in bytes."""

    timeout_default: int
    timeout_min: int
    timeout_max: int
    memory_default: int
    memory_min: int
    memory_max: int
    memory_per_vcpu: int
    init_seconds: int
    tmp_mb_default: int
    tmp_mb_max: int
    request_bytes: int
    response_bytes: int
    async_event_bytes: int
    environment_bytes: int
    zip_upload_bytes: int
    zip_request_bytes: int
    unzipped_bytes: int
    console_editor_bytes: int
    layers: int
    file_descriptors: int
    processes: int
    function_name_length: int
    handler_length: int
    async_attempts: int
    log_retention_days: tuple[int, ...]
    source: str


class Prices(NamedTuple):
    """What Lambda costs in us-east-1, in US dollars."""

    per_million_requests: float
    per_gb_second_x86_64: float
    per_gb_second_arm64: float
    free_requests_per_month: int
    free_gb_seconds_per_month: int
    billing_step_ms: int
    init_billed_since: date
    source: str


def as_of() -> date:
    """The day on which the facts were last held against their sources."""
    day: date = _facts()["as_of"]
    return day


@cache
def runtimes() -> Mapping[str, Runtime]:
    """Every Python runtime that the course knows, oldest first, by name (`python3.13`)."""
    tables = {name: table for name, table in _facts()["runtimes"].items() if name != "default"}
    return MappingProxyType({name: Runtime(name=name, **table) for name, table in tables.items()})


def default_runtime() -> str:
    """The runtime of a manifest that names none."""
    name: str = _facts()["runtimes"]["default"]
    return name


@cache
def limits() -> Limits:
    table = _facts()["limits"]
    return Limits(**{**table, "log_retention_days": tuple(table["log_retention_days"])})


@cache
def prices() -> Prices:
    return Prices(**_facts()["prices"])


@cache
def _facts() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("facts.toml").read_text(encoding="utf-8"))
