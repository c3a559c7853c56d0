from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook.cli.gradebook import match_lab
from workbook.marks.submitted import Submitted, SubmittedError
from workbook.submissions.roster import Person, Roster

OSLO = ZoneInfo("Europe/Oslo")
EVENING = datetime(2026, 11, 2, 23, 59, tzinfo=OSLO)
ROSTER = Roster(
    [
        Person("s-1", "Ada Lovelace", {"id": "s-1", "email": "ada@example.org"}),
        Person("s-2", "Bob Brown", {"id": "s-2", "email": "bob@example.org"}),
    ]
)


@pytest.fixture
def read(tmp_path: Path):
    def call(text: str, lab: str | None = None, zone=OSLO) -> Submitted:
        path = tmp_path / "times.csv"
        path.write_text(text, "utf-8")
        found = Submitted()
        found.read(path, lab, ROSTER, lambda name: match_lab(["01_a", "03_b"], name), zone)
        return found

    return call


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-02 23:59:00", EVENING),
        ("2026-11-02T23:59", EVENING),
        ("2026-11-02T22:59:00Z", EVENING),
        ("2026-11-02 23:59:00+01:00", EVENING),
        ("2026-11-02 14:59:00 -0800", EVENING),  # Gradescope
        ("Monday, 2 November 2026, 11:59 PM", EVENING),  # Moodle
    ],
)
def test_times_are_read_as_the_systems_write_them(read, text: str, time: datetime) -> None:
    found = read(f'id,submitted,lab\ns-1,"{text}",3\n')
    assert found.times.keys() == {("03_b", "s-1")}
    assert found.times["03_b", "s-1"] - time == timedelta()
    assert found.times["03_b", "s-1"].tzinfo


def test_a_file_of_one_lab_needs_no_column_for_it(read) -> None:
    gradescope = "First Name,Last Name,SID,Email,Status,Submission Time\nAda,L,x-9,ADA@example.org,Graded,{}\n"
    found = read(gradescope.format("2026-11-02 14:59:00 -0800"), "01_a", None)
    assert found.times == {("01_a", "s-1"): datetime(2026, 11, 2, 14, 59, tzinfo=timezone(timedelta(hours=-8)))}
    moodle = "Identifier,Full name,Email address,Last modified (submission)\nParticipant 7,Bob Brown,,{}\n"
    assert read(moodle.format('"Monday, 2 November 2026, 11:59 PM"'), "01_a").times.keys() == {("01_a", "s-2")}


def test_no_time_is_no_time_and_strangers_are_told(read) -> None:
    found = read("id,submitted,lab\ns-1,,1\ns-2,-,1\nzed,2026-11-02 23:59,1\n,2026-11-02 23:59,1\n")
    assert found.times == {}
    assert found.unknown == ["line 4 ('zed')", "line 5 (no id)"]


@pytest.mark.parametrize(
    ("text", "zone", "says"),
    [
        ("id,when,lab\n", OSLO, "line 1: No column says when. Write `submitted`"),
        ("id,submitted\n", OSLO, "line 1: No column says of which lab; or give the file as LAB=FILE"),
        ("id,submitted,lab\ns-1,2026-11-02,1\n", OSLO, "line 2: '2026-11-02' is no time that can be read"),
        ("id,submitted,lab\ns-1,yesterday,1\n", OSLO, "line 2: 'yesterday' is no time"),
        ("id,submitted,lab\ns-1,2026-11-02 23:59,1\n", None, "line 2: '2026-11-02 23:59' names no time zone"),
        ("id,submitted,lab\ns-1,2026-11-02 23:59,8\n", OSLO, "line 2: '8' is no lab here"),
        ("id,submitted,lab\ns-1,2026-11-02 23:59,1\ns-1,2026-11-02 22:59,1\n", OSLO, "line 3: 's-1' has two times"),
        ("", OSLO, "It is empty"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(read, text: str, zone, says: str) -> None:
    with pytest.raises(SubmittedError) as caught:
        read(text, zone=zone)
    assert says in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SubmittedError, match=r"none\.csv: It cannot be read"):
        Submitted().read(tmp_path / "none.csv", "01_a", ROSTER, lambda name: [], UTC)


WORDS = st.sampled_from("0123456789-:. TZ+,/APM") | st.sampled_from(
    ["2026-11-02", "23:59", "Monday, 2 November 2026, "]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WORDS).map("".join) | st.text())
def test_whatever_stands_there_it_is_a_time_or_refused(read, text: str) -> None:
    quoted = text.replace('"', "").replace("\r", "").encode("utf-8", "replace").decode()
    try:
        found = read(f'id,submitted,lab\ns-1,"{quoted}",1\n')
    except SubmittedError:
        return
    assert all(time.tzinfo for time in found.times.values())
