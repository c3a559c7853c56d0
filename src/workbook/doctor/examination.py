"""All that the doctor looks at, in order."""

from collections.abc import Callable, Iterator
from functools import partial

from workbook.doctor import course, function, installation, machine, settings
from workbook.doctor.finding import REINSTALL, Finding, problem
from workbook.doctor.surroundings import Surroundings

CHECKS: tuple[Callable[[Surroundings], Finding], ...] = (
    installation.check_python,
    installation.check_packages,
    installation.check_uv,
    machine.check_disk,
    machine.check_temporary,
    machine.check_loopback,
    settings.check_proxies,
    settings.check_credentials,
    machine.check_terminal,
    machine.check_clock,
    machine.check_bubblewrap,
    function.check_function,
)
COURSE_CHECKS = (
    course.check_manifests,
    course.check_kept,
    course.check_progress,
    course.check_starters,
    course.check_wheels,
)


def examine(place: Surroundings) -> Iterator[Finding]:
    """A finding for each check, as it is made. Never raises: a check that breaks is a problem by itself."""
    for check in CHECKS:
        yield _look(check.__name__, partial(check, place))
    if place.course is None:
        yield course.NO_COURSE
        return
    for course_check in COURSE_CHECKS:
        yield _look(course_check.__name__, partial(course_check, place.course))


def _look(function_name: str, check: Callable[[], Finding]) -> Finding:
    name = function_name.removeprefix("check_")
    try:
        return check()
    except ImportError as error:
        return problem(name, f"{error.name or 'a package'} cannot be imported ({type(error).__name__})", REINSTALL)
    except Exception as error:
        cure = "Please report this, with what is special about this machine."
        return problem(name, f"could not be looked at ({type(error).__name__})", cure)
