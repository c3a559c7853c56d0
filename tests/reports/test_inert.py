import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from workbook.reports.inert import inert


@given(st.text())
def test_nothing_that_acts_on_a_terminal_is_left(text: str) -> None:
    for character in inert(text):
        assert character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs"))))
def test_ordinary_text_is_kept(text: str) -> None:
    assert inert(text) == text


def test_what_was_there_can_be_read() -> None:
    assert inert("\x1b[2Jred\u202egpj.exe\x9b\u200b") == "\\x1b[2Jred\\u202egpj.exe\\x9b\\u200b"
