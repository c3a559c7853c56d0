"""Class lists: read from what spreadsheets and systems write, and whose a submission is by them."""

import contextlib
import csv
import io
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.submissions import spreadsheet
from workbook.submissions.downloads import Student, plain, read_name
from workbook.submissions.roster import Evidence, Person, Roster, RosterError

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,S3 writes (98),Current Score
    Points Possible,,,,,10.0,(read only)
,,,,,Manual Posting,
"Lovelace, Ada King",4001,S-1,alovelace,1,,
"Müller-Lüdenscheidt, Jürgen",4002,S-2,jm@example.edu,1,,
"Student, Test",4009,,,1,,
"""
MOODLE = """\
Identifier,"Full name","Email address",Status,Grade
"Participant 12345","Ada Lovelace",ada@example.edu,"No submission",
"Participant 12346","José García Márquez",jose@example.edu,"No submission",
"""
GRADESCOPE = """\
First Name,Last Name,SID,Email,Sections,Total Score,Max Points,Status,Submission ID
Ada,Lovelace,300,ada@example.edu,1,,10,Ungraded,98765
Bob,Byron,301,bob@example.edu,1,,10,Ungraded,98766
Eve,Byron,302,eve@example.edu,1,,10,Ungraded,98766
"""


def read(tmp_path: Path, content: str | bytes) -> Roster:
    path = tmp_path / "roster.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Roster.read(path)


def error(tmp_path: Path, content: str | bytes) -> str:
    with pytest.raises(RosterError) as raised:
        read(tmp_path, content)
    text = str(raised.value)
    assert text.startswith(str(tmp_path / "roster.csv"))
    assert text.isprintable()
    return text.removeprefix(str(tmp_path / "roster.csv"))


def student(name: str, *, is_folder: bool = True) -> Student:
    download = read_name(name, is_folder=is_folder)
    return download.student if download else plain(name)


def ids(roster: Roster) -> list[tuple[str, str]]:
    return [(person.id, person.name) for person in roster.people]


class TestReading:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
    def test_as_a_spreadsheet_writes_it(self, tmp_path: Path, encoding: str, delimiter: str, line_end: str) -> None:
        lines = ["ID,Name,Group", "7,Ada,a", "", '8,"Müller, Jürgen",b', ",,"]
        text = line_end.join(lines).replace("Müller, J", "Müller; J" if delimiter == ";" else "Müller, J")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter=delimiter, lineterminator=line_end).writerows(rows)
        roster = read(tmp_path, stream.getvalue().encode(encoding))
        assert ids(roster) == [("7", "Ada"), ("8", rows[3][1])]
        assert roster.people[1].columns == {"ID": "8", "Name": rows[3][1], "Group": "b"}

    def test_excels_own_first_line(self, tmp_path: Path) -> None:
        assert ids(read(tmp_path, "sep=;\r\nname;id\r\nLovelace, Ada;7\r\n")) == [("7", "Lovelace, Ada")]

    def test_canvas(self, tmp_path: Path) -> None:
        roster = read(tmp_path, CANVAS)
        assert ids(roster)[0] == ("4001", "Lovelace, Ada King")
        assert len(roster.people) == 3
        assert roster.people[0].columns["SIS User ID"] == "S-1"

    def test_moodle(self, tmp_path: Path) -> None:
        assert ids(read(tmp_path, MOODLE))[0] == ("Participant 12345", "Ada Lovelace")

    def test_gradescope(self, tmp_path: Path) -> None:
        assert ids(read(tmp_path, GRADESCOPE))[0] == ("300", "Ada Lovelace")

    def test_the_instructors_own_column_is_before_a_systems(self, tmp_path: Path) -> None:
        roster = read(tmp_path, "Full name,Email address,id,name\nA,a@example.edu,7,Ada\n")
        assert ids(roster) == [("7", "Ada")]

    def test_what_looks_like_a_formula_is_text(self, tmp_path: Path) -> None:
        name = "=cmd|'/c calc'!A0"
        assert ids(read(tmp_path, f"id,name\n=1+1,{name}\n@x,+y\n")) == [("=1+1", name), ("@x", "+y")]

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            ("", ": It is empty. Its first line names the columns."),
            ("\n\n,,\n", ": It is empty. Its first line names the columns."),
            ("7,Ada\n", ", line 1: No column gives the id. Write `id` over the one that does."),
            ("\nid,nom\n7,Ada\n", ", line 2: No column gives the name. Write `name` over the one that does."),
            (
                "id,name\n7,Ada\n,Bob\n",
                ", line 3: 'Bob' has nothing under 'id'. Fill it in, or write `id` over another",
            ),
            ("id,name\n7,Ada\n8,Bob\n7,Eve\n", ", line 4: The id '7' is on line 2 too. Leave one of the lines out."),
            ("id,name,ID\n7,Ada,8\n", ", line 1: Two columns are called 'id'. Rename one of them."),
            ("id,name\n7,Lovelace, Ada\n", ", line 2: There are 3 cells under 2 columns. Put a name that has a comma"),
            ('id,name\n7,"Ada\n8,Bob\n', ", line 2: A cell cannot be read (unexpected end of data). Save it"),
            ('id,name\n7,"Ada" L\n', ", line 2: A cell cannot be read ("),
            (
                "id,name\n7,Ada\n8,B\0b\n",
                ", line 3: There is a NUL character. Save it from the spreadsheet as “CSV UTF-8”.",
            ),
            ("id,name\n7,Ada".encode("utf-16-le"), ", line 1: There is a NUL character. Save it"),
            ("id,name\n7,Ada\n8,Jürgen".encode("cp1252"), ", line 3: It is not in UTF-8. Save it from the spreadsheet"),
            (b"\xff\xfei\0d\0x", ", line 1: It is not in UTF-16. Save it"),
            (
                "id,name\n7\u202e,Ada\n",
                ", line 2: The id '7\\u202e' has a character that cannot be seen. Type it again.",
            ),
            (f"id,name\n7,{'x' * 10_001}\n", ", line 2: A cell is longer than 10000 characters. Is it a class list?"),
            (f"id,name\n7,{'x' * 200_000}\n", ", line 2: A cell cannot be read (field larger than field limit"),
        ],
    )
    def test_what_is_wrong_is_said_with_file_line_and_cure(
        self, tmp_path: Path, content: str | bytes, expected: str
    ) -> None:
        assert error(tmp_path, content).startswith(expected)

    def test_lines_are_counted_through_cells_of_several_lines(self, tmp_path: Path) -> None:
        assert error(tmp_path, 'id,name\n7,"Ada\nKing\nLovelace"\n,Bob\n').startswith(", line 5: ")

    def test_it_is_bounded(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(spreadsheet, "MAX_ROWS", 3)
        assert len(read(tmp_path, "id,name\n1,a\n2,b\n\n\n").people) == 2
        assert "line 4: There are more than 3 rows" in error(tmp_path, "id,name\n1,a\n2,b\n3,c\n")
        monkeypatch.setattr(spreadsheet, "MAX_BYTES", 19)
        assert "larger than 19 bytes" in error(tmp_path, "id,name\n1,a\n2,b\n3,c\n")

    def test_no_file(self, tmp_path: Path) -> None:
        for path in (tmp_path / "nowhere.csv", tmp_path):
            with pytest.raises(RosterError, match=r"It cannot be read: "):
                Roster.read(path)
        if os.name == "posix":
            os.mkfifo(tmp_path / "pipe")
            with pytest.raises(RosterError, match="it is no file"):
                Roster.read(tmp_path / "pipe")


class TestMatching:
    def test_by_the_id_first(self) -> None:
        roster = Roster([Person("ada", "Bob"), Person("bob", "Ada")])
        assert roster.match(plain("ada")).person == roster.people[0]
        assert roster.match(plain("ada.zip")).evidence is Evidence.ID
        assert roster.match(plain("Ada")).person == roster.people[0]  # in any case it is before a name

    def test_by_another_column_that_identifies(self, tmp_path: Path) -> None:
        roster = read(tmp_path, CANVAS)
        for called in ("alovelace", "S-1", "ALOVELACE", "alovelace.py"):
            assert roster.match(plain(called)).person == roster.people[0]
        assert roster.match(plain("JM@example.edu")).person == roster.people[1]
        assert roster.match(plain("1")).person is None  # a section identifies nobody

    @pytest.mark.parametrize(
        ("name", "number"),
        [
            ("lovelaceadaking_4001_9_lambda_function.py", 0),
            ("lovelaceadaking_LATE_4001_9_lambda_function.py", 0),
            ("müllerlüdenscheidtjürgen_4002_9_x.zip", 1),
        ],
    )
    def test_canvas(self, tmp_path: Path, name: str, number: int) -> None:
        roster = read(tmp_path, CANVAS)
        match = roster.match(student(name, is_folder=False))
        assert match.person == roster.people[number]
        assert match.evidence is Evidence.NUMBER

    def test_canvas_where_the_name_speaks_against_the_number(self, tmp_path: Path) -> None:
        """`Eve_4001` as a name of one's own would else be graded as Ada."""
        roster = read(tmp_path, CANVAS)
        match = roster.match(student("eve_4001_5555_9_lambda_function.py", is_folder=False))
        assert match.person is None
        assert match.remark == "Its number is that of 'Lovelace, Ada King' (4001), its name 'eve' is not."

    def test_moodle(self, tmp_path: Path) -> None:
        roster = read(tmp_path, MOODLE)
        match = roster.match(student("Participant_12345_assignsubmission_file_"))
        assert (match.person, match.evidence) == (roster.people[0], Evidence.NUMBER)
        assert roster.match(student("José García Márquez_1_assignsubmission_file")).person == roster.people[1]

    def test_gradescope(self, tmp_path: Path) -> None:
        roster = read(tmp_path, GRADESCOPE)
        assert roster.match(student("submission_98765")).person == roster.people[0]
        group = roster.match(student("submission_98766"))
        assert group.person is None
        assert group.remark == (
            "It may be of 'Bob Byron' (301) or 'Eve Byron' (302). Give its folder the id of one of them."
        )
        assert roster.match(student("submission_300")).person is None

    @pytest.mark.parametrize(
        "called",
        [
            "José García Márquez",
            "jose_garcia_marquez.zip",
            "García Márquez, José",
            "garciamarquez-jose",
            "JOSÉ.GARCÍA.MÁRQUEZ",
        ],
    )
    def test_by_name_in_any_order_and_spelling(self, called: str) -> None:
        for name in ("José García Márquez", "García Márquez, José"):
            roster = Roster([Person("1", "Ada"), Person("2", name)])
            assert roster.match(plain(called)).person == roster.people[1]

    def test_a_name_that_is_not_of_latin_letters(self) -> None:
        roster = Roster([Person("1", "王 小明"), Person("2", "王 小东"), Person("3", "राम"), Person("4", "रमा")])
        assert roster.match(plain("小明_王.py")).person == roster.people[0]
        assert roster.match(plain("रमा")).person == roster.people[3]

    @pytest.mark.parametrize("called", ["", "...", "---.py"])
    def test_a_name_of_nothing_is_nobodys(self, called: str) -> None:
        assert Roster([Person("1", ""), Person("2", "...")]).match(plain(called)).person is None

    def test_of_several_people_none(self) -> None:
        roster = Roster([Person(str(n), "Ada Lovelace") for n in range(6)])
        assert roster.match(plain("ada lovelace")).remark == (
            "It may be of 'Ada Lovelace' (0), 'Ada Lovelace' (1), 'Ada Lovelace' (2) or 3 more. "
            "Give its folder the id of one of them."
        )

    def test_of_several_submissions_the_one_that_says_so_most_clearly(self) -> None:
        roster = Roster([Person("7", "Ada Lovelace"), Person("8", "Bob")])
        matches = roster.match_all([plain("Ada Lovelace"), plain("7.py"), plain("bob"), plain("eve")])
        assert [match.person and match.person.id for match in matches] == [None, "7", "8", None]
        assert matches[0].remark == "It may be of '7', as may '7.py'. Keep one of them."
        equal = roster.match_all([plain("ada lovelace"), plain("lovelace-ada")])
        assert [match.person for match in equal] == [None, None]


CELLS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), max_size=6), st.sampled_from(",;\t"), st.sampled_from(["utf-8-sig", "utf-16"]))
def test_what_a_spreadsheet_writes_is_read_back(rows: list[tuple[str, str]], delimiter: str, encoding: str) -> None:
    kept = {person_id.strip(): name.strip() for person_id, name in rows if person_id.strip().isprintable()}
    kept.pop("", None)
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows([("id", "name"), *kept.items()])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "roster.csv")
        path.write_bytes(stream.getvalue().encode(encoding))
        assert dict(ids(Roster.read(path))) == kept


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60) | st.text(alphabet='id,name;"\n\r\t é=7', max_size=60).map(str.encode))
def test_any_bytes_are_a_roster_or_an_error(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "roster.csv")
        for head in (b"", b"id,name\n", b"\xff\xfe"):
            path.write_bytes(head + content)
            with contextlib.suppress(RosterError):
                roster = Roster.read(path)
                assert len({person.id for person in roster.people}) == len(roster.people)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), max_size=6), st.lists(CELLS, max_size=6))
def test_nobody_is_matched_twice(people: list[tuple[str, str]], called: list[str]) -> None:
    roster = Roster([Person(person_id, name) for person_id, name in dict(people).items()])
    students = [plain(name) for name in [*called, *(name for _, name in people), *(f"{key}.py" for key, _ in people)]]
    matches = roster.match_all(students)
    assert len(matches) == len(students)
    found = [match.person.id for match in matches if match.person]
    assert len(found) == len(set(found))
    assert all((match.person is None) != (match.remark is None) for match in matches)
