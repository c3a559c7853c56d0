import csv
import io
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from workbook.reports.spreadsheet import COLUMNS, harmless, result_rows, to_csv

ANY_TEXT = st.text(st.characters(exclude_categories=())) | st.text(st.sampled_from("=+-@\t\r\n,;|'\" a1＝"))


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@given(st.lists(st.lists(ANY_TEXT, min_size=1), max_size=4))
def test_cells_come_back_one_for_one(rows: list[list[str]]) -> None:
    assert read("".join(to_csv(rows))) == [[harmless(cell) for cell in row] for row in rows]


@given(ANY_TEXT)
def test_nothing_begins_a_formula_wherever_a_cell_may_be_seen_to_begin(text: str) -> None:
    for delimiter in ",;\t|\n":
        for part in harmless(text).split(delimiter):
            assert not part.lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


@given(ANY_TEXT)
def test_nothing_unseen_is_left(text: str) -> None:
    assert not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in harmless(text))


@given(st.text(st.characters(categories=("L", "N")), min_size=1))
def test_ordinary_text_is_kept(text: str) -> None:
    assert harmless(text) == text


def test_numbers_stay_numbers_and_leading_zeros_stay() -> None:
    assert "".join(to_csv([[-1, 2.5, None, "0042", "Lovelace, Ada"]])) == '-1,2.5,,0042,"Lovelace, Ada"\r\n'


def test_a_row_has_the_points_of_both_kinds_of_checks(make_document) -> None:
    header, row = result_rows([(make_document(), "2026-11-23T09:00:00+00:00")])
    found = dict(zip(header, row, strict=True))
    assert (found["public_score"], found["public_max_score"]) == (4, 8)
    assert (found["hidden_score"], found["hidden_max_score"]) == (2, 8)
    assert found["not_passed"] == "test_two test_secret"
    assert tuple(header) == COLUMNS


def test_rows_are_in_order_with_names_and_with_who_is_missing(make_document) -> None:
    results = [(make_document("cy"), ""), (make_document("Ada"), "")]
    _, *rows = result_rows(results, {"cy": "Cy", "bob": "Bob B."}, [("03_s3_writes", "bob")])
    assert [(row[1], row[2], row[-1]) for row in rows] == [
        ("Ada", "failed", ""),
        ("bob", "missing", "Bob B."),
        ("cy", "failed", "Cy"),
    ]
    assert {len(row) for row in rows} == {len(COLUMNS) + 1}


def test_a_check_that_the_bench_broke_on_has_no_points(make_document) -> None:
    document = make_document()
    document["checks"][0] |= {"status": "not_judged", "reason": "bench", "score": None}
    header, row = result_rows([(document, "")])
    assert dict(zip(header, row, strict=True))["public_score"] is None
