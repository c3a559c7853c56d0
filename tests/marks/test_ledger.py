from datetime import datetime, timedelta
from fractions import Fraction
from types import MappingProxyType
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from workbook.marks.lateness import Policy
from workbook.marks.ledger import Ledger, Mark, to_cell
from workbook.marks.scheme import Scheme, Terms
from workbook.submissions.roster import Person

DUE = datetime(2026, 11, 2, 23, 59, tzinfo=ZoneInfo("Europe/Oslo"))
ADA = Person("0042", "Ada", MappingProxyType({"SIS User ID": "0042", "Student": "Ada", "Section": "A", "Old": "9"}))
BOB = Person("0043", "Bob", MappingProxyType({"SIS User ID": "0043", "Student": "Bob", "Section": "A", "Old": "8"}))
LABS = {"01_a": Terms("01_a"), "03_b": Terms("Lab 3 (98)", Fraction(3))}


def table(marks, scheme=None, times=None, people=(ADA, BOB)) -> list[dict]:
    header, *rows = Ledger(people, marks, scheme or Scheme(LABS), times or {}).rows()
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_a_row_has_the_rosters_own_id_a_mark_a_lab_and_a_weighted_total() -> None:
    [ada, bob] = table({("01_a", "0042"): Mark(5, 10), ("03_b", "0042"): Mark(20, 20), ("03_b", "0043"): Mark(0, 20)})
    assert ada == {
        "SIS User ID": "0042", "Student": "Ada", "Section": "A", "01_a": 5, "Lab 3 (98)": 20, "total": 87.5,
        "counted": "2 of 2",
    }  # fmt: skip
    assert (bob["01_a"], bob["Lab 3 (98)"], bob["total"], bob["counted"]) == ("missing", 0, 0, "1 of 2")


def test_missing_is_zero_in_the_total_only_where_that_was_said() -> None:
    marks = {("01_a", "0042"): Mark(10, 10)}
    assert [row["total"] for row in table(marks)] == [100, None]
    [ada, bob] = table(marks, Scheme(LABS, missing_is_zero=True))
    assert (ada["Lab 3 (98)"], ada["total"], ada["counted"]) == ("missing", 25, "2 of 2")
    assert (bob["total"], bob["counted"]) == (0, "2 of 2")


def test_what_the_bench_could_not_judge_is_said_and_never_counted() -> None:
    marks = {("01_a", "0042"): Mark(None, 10), ("03_b", "0042"): Mark(10, 20)}
    for scheme in (Scheme(LABS), Scheme(LABS, missing_is_zero=True)):
        ada = table(marks, scheme)[0]
        assert (ada["01_a"], ada["total"], ada["counted"]) == ("not_judged", 50, "1 of 2")


def scheme_with(policy: Policy) -> Scheme:
    return Scheme({"03_b": Terms("3", due=DUE + timedelta(days=7)), "01_a": Terms("1", due=DUE)}, policy)


def test_lateness_is_told_where_it_is_known_and_costs_what_the_policy_says() -> None:
    marks = {(lab, person.id): Mark(10, 10) for lab in ("01_a", "03_b") for person in (ADA, BOB)}
    times = {("01_a", "0042"): DUE + timedelta(days=1, hours=1), ("03_b", "0042"): DUE + timedelta(days=9)}
    times["01_a", "0043"] = DUE
    policy = Policy(percent_per_day=Fraction(10), free_days=3)
    [ada, bob] = table(marks, scheme_with(policy), times)
    assert (ada["1"], ada["1 late"]) == (10, "late: 2 days; 2 free")
    assert (ada["3"], ada["3 late"]) == (9, "late: 2 days; 1 free; 10 % off")
    assert ada["total"] == 95
    assert (bob["1 late"], bob["3 late"]) == ("on time", "not known")
    assert (bob["1"], bob["3"]) == (10, 10)


def test_without_times_or_due_dates_nothing_is_claimed() -> None:
    marks = {("01_a", "0042"): Mark(10, 10)}
    assert not any("late" in name for name in table(marks, scheme_with(Policy()))[0])
    assert not any("late" in name for name in table(marks, times={("01_a", "0042"): DUE})[0])


def test_what_was_never_handed_in_is_not_late_and_costs_no_free_day() -> None:
    times = {("01_a", "0042"): DUE + timedelta(days=3), ("03_b", "0042"): DUE + timedelta(days=9)}
    policy = Policy(percent_per_day=Fraction(50), free_days=2)
    ada = table({("03_b", "0042"): Mark(10, 10)}, scheme_with(policy), times)[0]
    assert (ada["1"], ada["1 late"], ada["3"], ada["3 late"]) == ("missing", None, 10, "late: 2 days; 2 free")


def test_nobody_is_an_empty_table() -> None:
    assert list(Ledger((), {}, Scheme(LABS)).rows()) == [["01_a", "Lab 3 (98)", "total", "counted"]]


MARKS = st.builds(Mark, st.none() | st.integers(0, 20), st.integers(0, 20)).map(
    lambda mark: Mark(mark.score and min(mark.score, mark.max_score), mark.max_score)
)


@given(st.dictionaries(st.sampled_from([(lab, "0042") for lab in LABS]), MARKS), st.booleans())
def test_a_total_is_a_percentage_of_what_is_counted(marks, missing_is_zero: bool) -> None:
    ada = table(marks, Scheme(LABS, missing_is_zero=missing_is_zero))[0]
    counted = int(ada["counted"].split()[0])
    assert (ada["total"] is None) == (counted == 0)
    assert counted == 0 or 0 <= ada["total"] <= 100


@given(st.fractions(0, 1000))
def test_a_cell_has_two_decimals_and_rounds_halves_up(number: Fraction) -> None:
    assert abs(Fraction(str(to_cell(number))) - number) <= Fraction(1, 200)
    assert to_cell(Fraction(5, 1000)) == 0.01
    assert repr(to_cell(Fraction(4, 2))) == "2"
