from workbook.marks.owners import find_owners
from workbook.submissions.roster import Person, Roster

ROSTER = Roster([Person("ada", "Ada Lovelace"), Person("bob", "Bob Brown"), Person("s-3", "Cy Coe")])


def test_an_id_of_the_roster_is_that_persons_whatever_else_is_called_like_it() -> None:
    owners = find_owners(["ada", "ada.zip"], ROSTER)
    assert owners.people == {"ada": ROSTER.people[0]}
    assert "Nobody in the roster" in owners.remarks["ada.zip"]


def test_the_rest_is_matched_by_name() -> None:
    owners = find_owners(["ada", "bob.py", "Cy Coe", "eve"], ROSTER)
    assert {name: person.id for name, person in owners.people.items()} == {
        "ada": "ada",
        "bob.py": "bob",
        "Cy Coe": "s-3",
    }
    assert list(owners.remarks) == ["eve"]
    assert owners.missing(ROSTER) == []


def test_two_for_one_person_are_left_to_the_instructor() -> None:
    owners = find_owners(["bob.py", "bob.zip"], ROSTER)
    assert owners.people == {}
    assert "Keep one of them" in owners.remarks["bob.py"]
    assert [person.id for person in owners.missing(ROSTER)] == ["ada", "bob", "s-3"]
