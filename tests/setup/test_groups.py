"""Which groups of packages a verb brings, and that they stay."""

import pytest

ALL = {"tiny_student", "tiny_docs", "tiny_notebook", "tiny_grading", "tiny_dev"}


def groups(outcome):
    assert outcome.code == 0, outcome.stderr
    return ALL & outcome.installed.keys()


def test_verb_brings_its_group_when_first_used_and_groups_stay(project):
    expected = {"tiny_student"}
    assert groups(project.lab("list")) == expected
    verbs = {
        "docs": "tiny_docs",
        "notebook": "tiny_notebook",
        "report": "tiny_grading",
        "grade": "tiny_grading",
        "test": "tiny_dev",
    }
    for verb, group in verbs.items():
        expected.add(group)
        assert groups(project.lab(verb)) == expected
        assert project.lab(verb).stderr == ""
    assert groups(project.lab("list")) == expected


def test_groups_stay_when_requirements_change_and_when_the_environment_is_made_again(project):
    project.lab("docs")
    project.wheels.add("tiny_student", "2.0")
    project.require("student", ("tiny_student", "2.0"))
    assert groups(project.lab("list")) == {"tiny_student", "tiny_docs"}
    project.python.unlink()
    assert groups(project.lab("list")) == {"tiny_student", "tiny_docs"}


def test_setup_all_brings_every_group_and_reaches_the_cli(project):
    outcome = project.lab("setup", "--all")
    assert groups(outcome) == ALL
    assert outcome.answer["argv"] == ["setup", "--all"]


def test_verb_is_found_behind_global_options(project):
    assert groups(project.lab("--course", "notebook", "test")) == {"tiny_student", "tiny_dev"}
    assert groups(project.lab("--course=notebook", "docs")) == {"tiny_student", "tiny_dev", "tiny_docs"}


@pytest.mark.parametrize(
    "arguments", [[], ["check", "docs"], ["--course", "test"], ["check", "--all"], ["docs", "--help"]]
)
def test_only_the_verb_brings_a_group(ready, arguments):
    outcome = ready.lab(*arguments)
    assert groups(outcome) == {"tiny_student"}
    assert outcome.answer["argv"] == arguments


def test_tests_that_are_not_in_the_edition_are_refused_before_anything_is_installed(project):
    (project.root / "tests").rmdir()
    outcome = project.lab("--course", "labs", "test", "-x")
    assert (outcome.code, outcome.stdout) == (3, "")
    assert outcome.stderr == "lab: The workbook's tests are not in this edition: clone the repository to run them.\n"
    assert not (project.root / ".venv").exists()
    assert groups(project.lab("test", "--help")) == {"tiny_student"}


def test_grading_brings_nothing_where_no_hidden_checks_are(project):
    (project.root / "solutions").rmdir()
    assert groups(project.lab("grade", "3", "group")) == {"tiny_student"}
    assert groups(project.lab("--course", "labs", "grade")) == {"tiny_student", "tiny_grading"}
