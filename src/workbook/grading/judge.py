"""Judge one submission: run a lab's suite on its code, in this process, and give the result document.

The suite never imports the code, so a pytest in this process is safe from it; only the function's own process
(see the launcher) meets what was submitted.
"""

import contextlib
import hashlib
import io
import os
import sys
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from workbook.bench import BenchError
from workbook.course.labs import Lab
from workbook.grading.check import Check
from workbook.grading.document import CheckResult, Result, Submission
from workbook.grading.session import CHECK, JUDGING
from workbook.runtime import Code, CodeError
from workbook.runtime.launch import Launcher
from workbook.runtime.launchers.fork import make_launcher

if TYPE_CHECKING:
    from workbook.cloud import Call

T = TypeVar("T")
INI = Path(__file__).with_name("pytest.ini")


def grade(
    lab: Lab,
    code: Path | Code | None = None,
    *,
    hidden: bool = False,
    tasks: Collection[int] = (),
    submission_id: str | None = None,
    make_launcher: Callable[[Collection[str]], Launcher] = make_launcher,
    reuse: bool = False,
    on_start: Callable[[int], None] = lambda count: None,
    on_check: Callable[[CheckResult], None] = lambda result: None,
    on_calls: Callable[[list["Call"]], None] = lambda calls: None,
    plugins: Collection[object] = (),
) -> Result:
    """Run the lab's checks on `code` (a folder, .py file or zip; without it the lab's own folder).

    `hidden` adds the solution's checks; `tasks` limits the run to those tasks and what they need. `on_start` is
    told how many checks there are, `on_check` each result as it comes, `on_calls` each check's calls to AWS.
    `make_launcher` is told the services that the function will call, and gives what starts it; `plugins` are pytest's,
    for this run alone. With `reuse`, checks share execution environments, and one that does not pass so is run again in
    a fresh one.
    Never raises for what is submitted: code that cannot be taken in gives a rejected result. Raises BenchError
    when the suite itself cannot be run.
    """
    source = code.path if isinstance(code, Code) else code or lab.folder
    submission_id = submission_id or source.resolve().name
    suites = _suites(lab, hidden)
    began = time.perf_counter()
    collector = _Collector(frozenset(tasks), on_start, on_check, on_calls)
    try:
        opened = code if isinstance(code, Code) else Code.open(source, files=lab.manifest.files)
    except CodeError as error:
        _run_pytest(lab, suites, None, collector)
        return Result(
            lab.id,
            Submission(submission_id, ""),
            (),
            rejected=str(error),
            max_score_if_rejected=sum(check.points for check in collector.checks),
            seconds=time.perf_counter() - began,
        )
    _run_pytest(lab, suites, opened, collector, make_launcher, plugins, reuse)
    return Result(
        lab.id,
        Submission(submission_id, digest(opened)),
        tuple(collector.results),
        seconds=time.perf_counter() - began,
    )


def collect(lab: Lab, *, hidden: bool = False) -> tuple[Check, ...]:
    """The lab's checks as they are declared, in order, without running any; `hidden` adds the solution's.

    Raises BenchError when a suite cannot be read.
    """
    collector = _Collector()
    _run_pytest(lab, _suites(lab, hidden), None, collector)
    return collector.checks


def digest(code: Code) -> str:
    """SHA-256 over the sorted names and contents: equal for a folder and a zip of the same files."""
    total = hashlib.sha256()
    for name, data in code.items():
        total.update(f"{len(name)}:{name}{len(data)}:".encode())
        total.update(data)
    return total.hexdigest()


def _suites(lab: Lab, hidden: bool) -> list[Path]:
    return [lab.suite, lab.hidden_suite] if hidden and lab.hidden_suite else [lab.suite]


class _Collector:
    """A pytest plugin of one run: picks the checks, and passes their results on."""

    def __init__(
        self,
        tasks: frozenset[int] = frozenset(),
        on_start: Callable[[int], None] = lambda count: None,
        on_check: Callable[[CheckResult], None] = lambda result: None,
        on_calls: Callable[[list["Call"]], None] = lambda calls: None,
    ) -> None:
        self._tasks, self._on_calls = tasks, on_calls
        self._on_start, self._on_check = _speaking(on_start), _speaking(on_check)
        self.results: list[CheckResult] = []
        self.checks: tuple[Check, ...] = ()
        self.errors: list[str] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self._tasks:
            items[:] = _pick(items, self._tasks)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.checks = tuple(item.stash[CHECK].check for item in session.items)
        self._on_start(len(self.checks))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.errors.append(str(report.longrepr))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        self._on_calls(item.config.stash[JUDGING].calls)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[Any]:
        done = yield
        result = item.stash[CHECK].result
        if result is not None:
            self.results.append(result)
            self._on_check(result)
        return done


def _speaking(tell: Callable[[T], None]) -> Callable[[T], None]:
    """`tell`, with the standard streams as they are now: pytest's run is silenced, its listeners are not."""
    out, err = sys.stdout, sys.stderr

    def speak(word: T) -> None:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            tell(word)

    return speak


def _pick(items: list[pytest.Item], tasks: frozenset[int]) -> list[pytest.Item]:
    """The checks of `tasks`, with those that they need before them."""
    by_name = {item.name.partition("[")[0]: item.stash[CHECK].check for item in items}
    wanted = {name for name, check in by_name.items() if check.task in tasks}
    while missing := {by_name[name].needs for name in wanted} & by_name.keys() - wanted:
        wanted |= {name for name in missing if name}
    return [item for item in items if item.name.partition("[")[0] in wanted]


def _run_pytest(
    lab: Lab,
    suites: list[Path],
    code: Code | None,
    collector: _Collector,
    make_launcher: Callable[[Collection[str]], Launcher] = make_launcher,
    plugins: Collection[object] = (),
    reuse: bool = False,
) -> None:
    """One pytest run, silent, cut off from the user's pytest settings and plugins; without code, checks are only
    collected."""
    options = [
        "--confcutdir", str(suites[0].parent), "--rootdir", str(lab.root), "-c", str(INI),
        "--import-mode=importlib", "--noconftest", "--capture=sys", "--tb=native", "--strict-markers",
        "-p", "workbook.grading.plugin", "-p", "no:cacheprovider", "-p", "no:junitxml", "-p", "no:doctest",
        "-p", "no:unraisableexception",  # at its end it collects garbage five times
        "-p", "no:logging", "-p", "no:warnings", "-p", "no:threadexception",  # each costs something for each check
    ]  # fmt: skip
    if code is None:
        options.append("--collect-only")
    written = io.StringIO()
    with _own_settings(lab.root, suites), contextlib.redirect_stdout(written), contextlib.redirect_stderr(written):
        own = [_Configuration(code, make_launcher, reuse), collector, *plugins]
        status = pytest.main([*options, *map(str, suites)], plugins=own)
    ran = code is None or len(collector.results) == len(collector.checks)
    if collector.errors or status not in (0, 1) or not ran or not collector.checks:
        details = "\n".join(collector.errors) or written.getvalue()
        raise BenchError(f"The suite {suites[-1]} could not be run:\n{details.strip()[-4000:]}")


class _Configuration:
    """Hands the opened code, and what makes its launcher, to the plugin before it configures itself."""

    def __init__(self, code: Code | None, make_launcher: Callable[[Collection[str]], Launcher], reuse: bool) -> None:
        self._code, self._make_launcher, self._reuse = code, make_launcher, reuse

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.workbook_code = self._code  # type: ignore[attr-defined]
        config.workbook_make_launcher = self._make_launcher  # type: ignore[attr-defined]
        config.workbook_reuse = self._reuse  # type: ignore[attr-defined]


@contextlib.contextmanager
def _own_settings(root: Path, suites: list[Path]) -> Iterator[None]:
    """Environment and interpreter settings of our pytest run; put back afterwards, and what was imported from the
    suites' folders forgotten."""
    changed = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "", "PYTEST_PLUGINS": ""}
    before = {key: os.environ.get(key) for key in changed}
    prefix, modules = sys.pycache_prefix, set(sys.modules)
    os.environ.update(changed)
    sys.pycache_prefix = str(root / ".workbook" / "pycache")
    folders = tuple(f"{suite.parent}{os.sep}" for suite in suites)
    try:
        yield
    finally:
        sys.pycache_prefix = prefix
        for name in sys.modules.keys() - modules:
            if (getattr(sys.modules[name], "__file__", None) or "").startswith(folders):
                del sys.modules[name]
        for key, value in before.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value
