"""The zip that is kept as lab 06's solution is what the workbook builds from the files beside it."""

from pathlib import Path

import pytest

from workbook.course.labs import Course
from workbook.deploy.package import build
from workbook.deploy.package.archive import Archive
from workbook.deploy.package.bundle import Bundle
from workbook.deploy.package.recipe import find_requirements, find_wheels, name_settings
from workbook.deploy.package.target import Target

LAB = Course(Path(__file__).resolve().parents[2]).find("06")
WHEELS = ("python_slugify-*.whl", "text_unidecode-*.whl")


@pytest.mark.skipif(LAB.solution is None, reason="a student edition has no solution")
@pytest.mark.skipif(
    not all(any(find_wheels(LAB).glob(wheel)) for wheel in WHEELS), reason="the lab's wheels have not been fetched"
)
def test_the_solutions_zip_is_what_lab_package_builds() -> None:
    settings, solution = LAB.manifest.function, LAB.solution
    package = build(
        solution,
        Target(settings.runtime, settings.architecture),
        handler=settings.handler,
        requirements=find_requirements(LAB, solution),
        wheels=find_wheels(LAB),
        settings=name_settings(LAB),
    )
    with Archive(solution / LAB.manifest.package) as archive:
        kept = Bundle(archive.read_all())
        modes = {member.name: member.mode & 0o777 for member in archive.members}
    assert kept.digest() == package.digest
    assert modes == {name: kept.mode(name) for name in kept}
