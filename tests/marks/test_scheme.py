from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook.cli.gradebook import match_lab
from workbook.course.table import ManifestError
from workbook.marks.lateness import Policy
from workbook.marks.scheme import Scheme, Terms, load

LABS = ["01_handler_basics", "03_s3_writes", "13_more"]
WHOLE = """
timezone = "Europe/Oslo"
missing = "zero"

[late]
grace_minutes = 30
percent_per_day = 12.5
at_most = 50
free_days = 3

[labs.03_s3_writes]
due = 2026-11-02T23:59:00
weight = 2
column = "Lab 3 (98765)"

[labs.01]
due = 2026-10-05T23:59:00Z
"""


def find(name: str) -> list[str]:
    return match_lab(LABS, name)


@pytest.fixture
def read(tmp_path: Path):
    def call(text: str) -> Scheme:
        path = tmp_path / "marks.toml"
        path.write_text(text, "utf-8", errors="surrogatepass")
        return load(path, find)

    return call


def test_a_whole_file_is_understood(read) -> None:
    scheme = read(WHOLE)
    oslo = ZoneInfo("Europe/Oslo")
    assert list(scheme.labs.items()) == [
        ("03_s3_writes", Terms("Lab 3 (98765)", Fraction(2), datetime(2026, 11, 2, 23, 59, tzinfo=oslo))),
        ("01_handler_basics", Terms("01_handler_basics", Fraction(1), datetime(2026, 10, 5, 23, 59, tzinfo=UTC))),
    ]
    assert scheme.policy == Policy(timedelta(minutes=30), Fraction(25, 2), Fraction(50), 3)
    assert (scheme.zone, scheme.missing_is_zero) == (oslo, True)


def test_an_empty_file_says_nothing(read) -> None:
    assert read("") == Scheme()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[labs.3]\ndue = 2026-11-02T23:59:00", 'names no time zone. Write timezone = "Europe/Oslo"'),
        ("[labs.3]\ndue = 2026-11-02", "Write due = 2026-11-02T23:59:00, without quotes"),
        ('[labs.3]\ndue = "2026-11-02T23:59:00Z"', "is no time as TOML writes it"),
        ("[labs.3]\ndue = 23:59:00", "is no time as TOML writes it"),
        ("[labs.3]\ndeu = 2026-11-02T23:59:00Z", "Did you mean due?"),
        ("[labs.3]\nweight = -1", "is no number from 0 to 1000000"),
        ("[labs.3]\nweight = nan", "is no number"),
        ("[labs.3]\nweight = true", "is no number"),
        ("[labs.7]", "is no lab of the gradebook or the course"),
        ("[labs.0]", "is no lab"),
        ("[labs._]", "could be '01_handler_basics' or"),
        ("[labs.3]\n[labs.03_s3_writes]", "is '03_s3_writes' again"),
        ('[labs.1]\ncolumn="A"\n[labs.3]\ncolumn="A"', "is another lab's too"),
        ("labs = 3", "where a table belongs"),
        ('timezone = "Oslo"', "is no time zone"),
        ('timezone = "../../etc/passwd"', "is no time zone"),
        ('missing = "none"', 'Write "zero" or "left out"'),
        ("[late]\nfree_days = 1.5", "where a whole number belongs"),
        ("[late]\npercent_per_day = 101", "is no number from 0 to 100"),
        ("[late]\npercent = 10", "Did you mean percent_per_day?"),
        ("[late", "is not valid TOML"),
        ("x" * 5000, "has a line of more than"),
        ("#\n" * 40000, "cannot be read"),
        ("a=" + "[" * 3000, "is nested too deeply"),
        ("\udcff", "is not UTF-8 text"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_cure(read, text: str, says: str) -> None:
    with pytest.raises(ManifestError) as caught:
        read(text)
    assert says in str(caught.value)
    assert "marks.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="there is no such file"):
        load(tmp_path / "none.toml", find)


WORDS = st.sampled_from(
    ["timezone", "missing", "[late]", "[labs.3]", "[labs.1]", "due", "weight", "=", '"zero"', "2026-11-02T23:59:00Z",
     "\n", "-1", "1e400", "{", "}", "[[labs]]", "0001-01-01T00:00:00+14:00", '"UTC"', "inf", "column", "free_days"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text() | st.lists(WORDS, max_size=14).map(" ".join))
def test_whatever_the_file_holds_it_is_understood_or_refused(read, text: str) -> None:
    try:
        scheme = read(text.replace("\r", ""))
    except ManifestError:
        return
    assert all(terms.due is None or terms.due.tzinfo for terms in scheme.labs.values())
