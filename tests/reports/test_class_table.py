"""The tables about a class in a terminal."""

import io

from rich.console import Console

from workbook.reports.class_table import print_course

HEADER = ["Student", "ID", "SIS Login ID", "03_s3_writes", "total"]
ROWS = [["Lovelace, Ada", 4001, "ada", 30, 100], ["Hopper, Grace", 4002, "grace", None, 0]]


def shown(width: int) -> list[str]:
    to = Console(file=io.StringIO(), width=width)
    print_course(HEADER, ROWS, to, own=3)
    return [line.rstrip() for line in to.file.getvalue().splitlines()]  # type: ignore[attr-defined]


def test_a_course_with_room_has_every_column_of_the_class_list() -> None:
    header, ada, grace = shown(80)
    assert header.split() == ["Student", "ID", "SIS", "Login", "ID", "03", "total"]
    assert ada.split() == ["Lovelace,", "Ada", "4001", "ada", "30", "100"]
    assert grace.split() == ["Hopper,", "Grace", "4002", "grace", "0"]


def test_without_room_people_stay_in_one_line_and_what_is_left_out_is_said() -> None:
    header, ada, grace, *told = shown(40)
    assert header.split() == ["Student", "03", "total"]
    assert ada.split() == ["Lovelace,", "Ada", "30", "100"]
    assert grace.split() == ["Hopper,", "Grace", "0"]
    assert " ".join(told) == "Without ID, SIS Login ID: a CSV has them (--output marks.csv)."
