from workbook.course.labs import Course
from workbook.doctor import Status, examination, examine, function


def test_a_function_starts_here_and_its_client_is_named(make_place) -> None:
    finding = function.check_function(make_place())
    assert finding.status is Status.OK, finding
    assert "runtime client" in finding.message


def test_a_function_that_fails_is_a_problem_with_its_words(make_place, monkeypatch) -> None:
    monkeypatch.setattr(function, "CODE", "import nothing_of_that_name\n")
    finding = function.check_function(make_place())
    assert finding.status is Status.PROBLEM
    assert "nothing_of_that_name" in finding.message


def test_a_check_that_raises_becomes_a_problem_and_the_others_go_on(make_place, monkeypatch) -> None:
    def check_moon(place):
        raise ZeroDivisionError("secret-text")

    def check_sun(place):
        raise ModuleNotFoundError("No module named 'sun'", name="sun")

    monkeypatch.setattr(examination, "CHECKS", (check_moon, check_sun))
    moon, sun, course = examine(make_place())
    assert (moon.name, moon.status, moon.message) == (
        "moon",
        Status.PROBLEM,
        "could not be looked at (ZeroDivisionError)",
    )
    assert "secret-text" not in str(moon)
    assert sun.message == "sun cannot be imported (ModuleNotFoundError)"
    assert "lab setup" in sun.cure
    assert course.name == "course"


def test_each_finding_that_is_not_ok_says_what_to_do(make_place, make_lab, monkeypatch) -> None:
    lab = make_lab()
    place = make_place(course=Course(lab.folder.parents[1]), encoding="ascii", variables={"AWS_PROFILE": "x"})
    findings = list(examine(place))
    assert len({finding.name for finding in findings}) == len(findings)
    amiss = [finding for finding in findings if finding.status is not Status.OK]
    assert {"terminal", "credentials", "starters"} <= {finding.name for finding in amiss}
    assert all(finding.cure for finding in amiss)
