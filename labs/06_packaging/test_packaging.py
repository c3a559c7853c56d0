"""The checks of lab 06. They read lambda_deploy.zip as Lambda would find it, and at last run what is in it."""

import json

import pytest
from packaging.utils import canonicalize_name

from workbook.deploy.package.archive import Archive, ArchiveRefused
from workbook.deploy.package.expectation import Expectation
from workbook.deploy.package.inspection import inspect
from workbook.deploy.package.requirement import RequirementsError, is_pinned, read_requirements
from workbook.deploy.package.target import Target
from workbook.runtime import CodeError

PACKAGE = "lambda_deploy.zip"
REQUIREMENTS = "requirements.txt"
LAMBDA = Target("python3.13", "x86_64")


# Task 1: Pin what the function imports


@pytest.mark.task(1, points=2)
def test_pins_the_package_that_is_imported(function, tmp_path):
    """pins one version of the package that the function imports, in requirements.txt"""
    found = [requirement for requirement in requirements_of(function, tmp_path) if is_slugify(requirement)]
    assert found, (
        "requirements.txt does not name python-slugify, the package that brings `slugify`. "
        "(A package that is called slugify is another one.)"
    )
    assert is_pinned(found[0]), f"{found[0]} lets the version open. Write python-slugify== and one version."


@pytest.mark.task(1, points=1, needs="test_pins_the_package_that_is_imported")
def test_pins_every_requirement(function, tmp_path):
    """pins every package that requirements.txt names"""
    loose = [str(requirement) for requirement in requirements_of(function, tmp_path) if not is_pinned(requirement)]
    assert not loose, f"No one version: {', '.join(loose)}. Write name==version for each."


# Task 2: Zip the function


@pytest.mark.task(2, points=1)
def test_is_a_zip_that_lambda_takes(function, tmp_path):
    """is a zip that opens, and small enough to upload"""
    refuse(inspect_zip(function, tmp_path), "too-large")


@pytest.mark.task(2, points=2, needs="test_is_a_zip_that_lambda_takes")
def test_has_the_handler_at_its_root(function, tmp_path):
    """has lambda_function.py at its root, with lambda_handler in it"""
    refuse(
        inspect_zip(function, tmp_path),
        "wrapping-folder", "layer-layout", "handler-missing", "handler-renamed", "handler-shadowed", "handler-syntax",
        "function-missing",
    )  # fmt: skip


@pytest.mark.task(2, points=2, needs="test_has_the_handler_at_its_root")
def test_has_the_code_as_it_is_now(function, tmp_path):
    """has the code as it is in the lab's folder now"""
    refuse(inspect_zip(function, tmp_path), "stale")


# Task 3: Put the packages beside it


@pytest.mark.task(3, points=2)
def test_has_every_package_at_its_root(function, tmp_path):
    """has python-slugify, and every package that it needs in turn, at its root"""
    found = inspect_zip(function, tmp_path)
    assert any(is_slugify(one) for one in found.distributions), (
        "python-slugify is not at the root of the zip, or not with its .dist-info folder. "
        "Install what requirements.txt names into a folder (pip install --target), and zip all that is in it."
    )
    refuse(found, "dependency-missing")


@pytest.mark.task(3, points=1, needs="test_has_every_package_at_its_root")
def test_has_the_versions_that_are_pinned(function, tmp_path):
    """has the versions that requirements.txt pins"""
    refuse(inspect_zip(function, tmp_path), "version-differs", "version-unknown")


@pytest.mark.task(3, points=1, needs="test_is_a_zip_that_lambda_takes")
def test_names_its_files_as_linux_does(function, tmp_path):
    """parts folders by / in its names, has each name once, and no links"""
    refuse(inspect_zip(function, tmp_path), "backslash-names", "duplicate-names", "links")


@pytest.mark.task(3, points=1, needs="test_is_a_zip_that_lambda_takes")
def test_lets_everybody_read(function, tmp_path):
    """lets everybody read its files"""
    refuse(inspect_zip(function, tmp_path), "unreadable")


# Task 4: Leave out what does not belong there


@pytest.mark.task(4, points=1)
def test_leaves_secrets_out(function, tmp_path):
    """has no .env file, no key and no other secret in it"""
    refuse(inspect_zip(function, tmp_path), "secrets")


@pytest.mark.task(4, points=1, needs="test_is_a_zip_that_lambda_takes")
def test_leaves_out_what_lambda_has_no_use_for(function, tmp_path):
    """has no bytecode, no virtual environment, no boto3 that nobody asked for, and nothing of the lab in it"""
    refuse(inspect_zip(function, tmp_path), "bytecode", "virtual-environment", "boto3-packed", "course-files")


@pytest.mark.task(4, points=2, needs="test_is_a_zip_that_lambda_takes")
def test_is_made_for_lambda(function, tmp_path):
    """has nothing in it that was compiled for another system or another Python"""
    refuse(inspect_zip(function, tmp_path), "wrong-platform", "wrong-wheel")


# Task 5: Run what is in it


@pytest.mark.task(5, points=3)
def test_runs_from_the_zip_alone(function, aws):
    """runs from what is in the zip, and from that alone"""
    invocation = deployed(function).invoke({"name": "Nørre Kaj 2"})
    assert not invocation.error, "The function does not run from the zip. Lambda would say the same."
    assert invocation.payload.get("statusCode") == 200
    assert json.loads(invocation.payload["body"]) == {"station": "norre-kaj-2"}
    assert aws.calls == [], "Nothing of this calls AWS."


# What the checks look with


def requirements_of(function, folder):
    """What the requirements.txt under judgement asks for, written into `folder` to be read."""
    written = function.code.get(REQUIREMENTS, b"")
    assert written, "There is no requirements.txt beside lambda_function.py, or nothing in it."
    path = folder / REQUIREMENTS
    path.write_bytes(written)
    try:
        return read_requirements(path, LAMBDA)
    except RequirementsError as refusal:
        raise AssertionError(str(refusal)) from None


def is_slugify(named):
    """Whether a requirement, or an installed package, is python-slugify."""
    return canonicalize_name(named.name) == "python-slugify"


def zip_of(function):
    """The bytes of the zip under judgement."""
    content = function.code.get(PACKAGE, b"")
    assert content, "There is no lambda_deploy.zip beside lambda_function.py yet, or nothing in it. Task 2 builds it."
    return content


def inspect_zip(function, folder):
    """What reading the zip shows, held against the files beside it."""
    content = zip_of(function)
    own = {name: data for name, data in function.code.items() if name.endswith(".py")}
    expected = Expectation(LAMBDA, code=own, requirements=requirements_of(function, folder))
    try:
        with Archive(content, PACKAGE) as archive:
            return inspect(archive, expected)
    except ArchiveRefused as refusal:
        raise AssertionError(str(refusal)) from None


def refuse(inspection, *codes):
    """Fails when reading found something of these kinds, with its words."""
    problems = [str(finding) for finding in inspection.findings if finding.code in codes]
    assert not problems, "\n".join(problems)


def deployed(function):
    """The function as Lambda would have it: nothing but what is in the zip."""
    zip_of(function)
    try:
        return function.configure(code=function.code.unpack(PACKAGE))
    except CodeError as refusal:
        raise AssertionError(str(refusal)) from None
