"""The pytest plugin: it makes suites out of labs' test files, and verdicts out of their reports.

It registers itself (entry point `workbook`), so `pytest labs/03_s3_writes` works from any editor. It does
nothing to tests that belong to no lab.
"""

import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.assertion import util

if TYPE_CHECKING:
    from workbook.grading.session import Judging, Progress

pytest_plugins = ["workbook.grading.fixtures"]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("workbook", "Lambda Workbook")
    group.addoption("--code", type=Path, metavar="PATH", help="judge this folder, .py file or zip instead")
    group.addoption("--solution", action="store_true", help="judge the reference solution")


def pytest_configure(config: pytest.Config) -> None:
    from workbook.grading.session import JUDGING, Judging
    from workbook.runtime.launchers.fork import make_launcher

    config.addinivalue_line(
        "markers", "task(number, points=1, needs=None, provokes=None): a graded check of a lab's task"
    )
    config.addinivalue_line(
        "markers", "slow: waits for a timeout or builds something large; runs after its suite's others"
    )
    code = getattr(config, "workbook_code", None) or config.getoption("code")
    if isinstance(code, Path) and not code.exists():
        raise pytest.UsageError(f"--code {code}: there is no such file or folder.")
    config.stash[JUDGING] = Judging(
        code,
        config.getoption("solution"),
        bool(config.getoption("usepdb")),
        getattr(config, "workbook_make_launcher", make_launcher),
        getattr(config, "workbook_reuse", False),
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    if judging := config.stash.get(_judging_key(), None):
        judging.close()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep a suite in one worker: its checks may need one another."""
    from xdist.scheduler import LoadFileScheduling

    return LoadFileScheduling(config, log)


def pytest_itemcollected(item: pytest.Item) -> None:
    _judging(item).enrol(item)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Within each suite, what waits comes last, so that the quick verdicts are there first."""
    for suite in dict.fromkeys(item.path for item in items if item.get_closest_marker("slow")):
        places = [place for place, item in enumerate(items) if item.path == suite and _progress(item)]
        ordered = sorted((items[place] for place in places), key=_is_slow)
        for place, item in zip(places, ordered, strict=True):
            items[place] = item


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    progress = _progress(item)
    if progress is None:
        return
    from workbook.grading import verdict

    progress.started = time.perf_counter()
    judging = _judging(item)
    judging.running = progress
    # Until this test ends. Pytest's own explanation of two long values can take hours (with `CI` set it is never
    # cut short), and no student sees it. There is no public way to leave it out.
    util._reprcompare = progress.compare
    if reason := verdict.refuse_to_run(item, progress, judging):
        pytest.skip(reason)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    if not _judging(item).reuses or _progress(item) is None:
        return None
    from workbook.grading.again import judge_twice_if_need_be

    judge_twice_if_need_be(item, nextitem, _judging(item))
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    report = yield
    progress = _progress(item)
    if progress is not None:
        from workbook.grading import verdict

        verdict.judge_phase(item, call, report, progress, _judging(item))
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    try:
        return (yield)
    finally:
        _judging(item).running = None


def _is_slow(item: pytest.Item) -> bool:
    return item.get_closest_marker("slow") is not None


def _judging_key() -> Any:
    from workbook.grading.session import JUDGING

    return JUDGING


def _judging(item: pytest.Item) -> "Judging":
    found: Judging = item.config.stash[_judging_key()]
    return found


def _progress(item: pytest.Item) -> "Progress | None":
    from workbook.grading.session import CHECK

    return item.stash.get(CHECK, None)
