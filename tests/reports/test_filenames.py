import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from workbook.reports.filenames import name_files

DEVICES = {"con", "prn", "aux", "nul", *(f"{kind}{number}" for kind in ("com", "lpt") for number in range(10))}
IDS = (
    st.text(st.characters(exclude_categories=()))
    | st.text(st.sampled_from("aA./\\:-é\u0301 "), max_size=4)
    | st.sampled_from(["CON", "con.txt", "aux", "..", ".", "", "/etc/passwd", "a" * 500, "COM1.x", "ﬁ", "ad\u200ba"])
)


@given(st.sets(IDS, max_size=12))
def test_every_id_gets_a_name_of_its_own_that_every_system_takes(ids: set[str]) -> None:
    names = name_files(ids)
    assert names.keys() == ids
    assert len({unicodedata.normalize("NFC", name).casefold() for name in names.values()}) == len(ids)
    for name in names.values():
        assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*", name)
        assert len(name) < 160
        assert not name.endswith(".")
        assert name.partition(".")[0].casefold() not in DEVICES


@given(st.lists(IDS, unique=True, max_size=8), st.randoms())
def test_names_do_not_depend_on_the_order(ids: list[str], random) -> None:
    shuffled = random.sample(ids, len(ids))
    assert name_files(ids) == name_files(shuffled)


def test_a_fit_id_is_its_own_name() -> None:
    fit = ["ada", "bob.zip", "lovelaceada_12345", "s-42"]
    assert name_files(fit) == {name: name for name in fit}


def test_what_can_be_read_stays() -> None:
    assert name_files(["José Ñandú", "../../etc/passwd", "NUL", "语言"]) == {
        "José Ñandú": "Jose-Nandu",
        "../../etc/passwd": "etc-passwd",
        "NUL": "_NUL",
        "语言": "submission",
    }


def test_two_that_would_share_a_name_are_told_apart() -> None:
    names = name_files(["Ada", "ada", "a/b", "a:b"])
    assert len({name.casefold() for name in names.values()}) == 4
    assert names["a/b"].startswith("a-b-")


def test_an_id_that_imitates_another_ones_name_does_not_get_it() -> None:
    first = name_files(["Ada", "ada"])
    imitation = first["ada"]
    names = name_files(["Ada", "ada", imitation])
    assert len({name.casefold() for name in names.values()}) == 3
    assert {"Ada": names["Ada"], "ada": names["ada"]} == first
