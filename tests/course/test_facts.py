from datetime import date

import botocore.session
import pytest

from workbook.course import facts


@pytest.fixture(scope="module")
def model():
    return botocore.session.get_session().get_service_model("lambda")


def test_the_default_runtime_is_offered_on_the_files_date():
    runtime = facts.runtimes()[facts.default_runtime()]
    assert not runtime.is_deprecated(facts.as_of())


def test_the_runtimes_are_those_that_aws_names_from_the_oldest_known_on(model):
    def order(name):
        return int(name.removeprefix("python3."))

    known = list(facts.runtimes())
    named = [name for name in model.shape_for("Runtime").enum if name.startswith("python3.")]
    previews = {"python3.15"}
    expected = {name for name in named if order(name) >= order(known[0])} - previews
    assert known == sorted(expected, key=order)


@pytest.mark.parametrize("runtime", facts.runtimes().values(), ids=lambda runtime: runtime.name)
def test_a_runtimes_dates_follow_each_other(runtime):
    assert runtime.deprecated < runtime.block_create < runtime.block_update


def test_a_runtime_is_deprecated_from_its_day_on():
    runtime = facts.runtimes()["python3.10"]
    assert not runtime.is_deprecated(date(2026, 10, 30))
    assert runtime.is_deprecated(date(2026, 10, 31))


def test_only_a_runtime_whose_sources_differ_is_disputed():
    assert [name for name, runtime in facts.runtimes().items() if runtime.disputed] == ["python3.14"]


def test_the_smallest_values_are_those_of_the_api(model):
    limits = facts.limits()
    assert limits.timeout_min == model.shape_for("Timeout").metadata["min"]
    assert limits.memory_min == model.shape_for("MemorySize").metadata["min"]
    assert limits.tmp_mb_default == model.shape_for("EphemeralStorageSize").metadata["min"]
    assert limits.handler_length == model.shape_for("Handler").metadata["max"]


def test_log_retention_days_are_those_of_the_api():
    logs = botocore.session.get_session().get_service_model("logs")
    documentation = logs.shape_for("Days").documentation.replace(" and ", " ")
    listed = ", ".join(str(days) for days in facts.limits().log_retention_days)
    assert f"Possible values are: {listed}." in documentation


def test_prices_are_typed():
    assert facts.prices().init_billed_since == date(2025, 8, 1)
    assert facts.prices().per_gb_second_arm64 < facts.prices().per_gb_second_x86_64
