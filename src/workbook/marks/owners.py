"""Whose the submissions in a gradebook are, by a class list."""

from collections.abc import Iterable
from dataclasses import dataclass

from workbook.submissions.downloads import plain
from workbook.submissions.roster import Person, Roster


@dataclass(frozen=True)
class Owners:
    """Each id's `people` where one was found, and a remark for each other id."""

    people: dict[str, Person]
    remarks: dict[str, str]

    def missing(self, roster: Roster) -> list[Person]:
        """Who has none of these submissions."""
        found = {person.id for person in self.people.values()}
        return [person for person in roster.people if person.id not in found]


def find_owners(ids: Iterable[str], roster: Roster) -> Owners:
    """An id of the roster is that person's; another is matched by its name, as when it is graded, among the rest."""
    by_id = {person.id: person for person in roster.people}
    names = list(ids)
    people = {name: by_id[name] for name in names if name in by_id}
    others = [name for name in names if name not in people]
    rest = Roster(person for person in roster.people if person.id not in people)
    remarks = {}
    for name, match in zip(others, rest.match_all([plain(name) for name in others]), strict=True):
        if match.person:
            people[name] = match.person
        else:
            remarks[name] = match.remark or ""
    return Owners(people, remarks)
