"""The outside of a schedule expression: its keyword and its parentheses."""

import re
import unicodedata
from difflib import get_close_matches
from enum import StrEnum

from workbook.deploy.schedule import unix
from workbook.deploy.schedule.refusal import LONGEST, Refusal


class Kind(StrEnum):
    """The three forms of a schedule expression."""

    RATE = "rate"
    CRON = "cron"
    AT = "at"


class Service(StrEnum):
    """Who fires it: a scheduled EventBridge rule, or EventBridge Scheduler. Their rules differ."""

    RULES = "rules"
    SCHEDULER = "scheduler"


_WHOLE = re.compile(r"(rate|cron|at)\(([^()]*)\)")
_KEYWORD = re.compile(r"([A-Za-z]+) *(.*)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ][\d:]+)?Z?")
_EVERY = re.compile(r"(?:every )? *(\d+ *[a-z]+)", re.IGNORECASE)
_FORMS = "rate(5 minutes) or cron(0 12 * * ? *)"


def split(text: str) -> tuple[Kind, str]:
    """The kind of an expression and what stands between its parentheses; raises Refusal."""
    if not text.strip():
        raise Refusal("expression", f"it is empty; write {_FORMS}")
    if len(text) > LONGEST:
        raise Refusal("expression", f"it is {len(text)} characters long; AWS takes at most {LONGEST}")
    for position, character in enumerate(text, 1):
        if not " " <= character <= "~":
            name = unicodedata.name(character, "a control character").lower()
            code = f"U+{ord(character):04X}"
            problem = f"character {position} is {name} ({code}), where AWS takes plain ASCII only"
            raise Refusal("expression", problem, _plain(text))
    if whole := _WHOLE.fullmatch(text):
        return Kind(whole[1]), whole[2]
    raise _explain(text)


def _plain(text: str) -> str | None:
    """The text in ASCII, as someone who pasted it from a web page meant it."""
    kept = []
    for character in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(character)
        if category == "Pd":
            kept.append("-")
        elif category == "Nd":
            kept.append(str(unicodedata.decimal(character)))
        elif character.isspace():
            kept.append(" ")
        elif category not in ("Cc", "Cf", "Mn", "Pi", "Pf"):
            kept.append(character)
    plain = "".join(kept).strip()
    return plain if plain.isascii() else None


def _explain(text: str) -> Refusal:
    if text != text.strip():
        return Refusal("expression", "it starts or ends with a space", text.strip())
    if text[0] in "\"'`" or text[-1] in "\"'`":
        return Refusal("expression", "quotation marks are not part of it", text.strip("\"'` ") or None)
    if text.startswith("@"):
        return unix.explain_nickname(text)
    if (keyword := _KEYWORD.match(text)) and keyword[1].lower() in list(Kind):
        return _explain_keyword(text, keyword[1], keyword[2])
    return _explain_bare(text)


def _explain_keyword(text: str, keyword: str, rest: str) -> Refusal:
    lower = keyword.lower()
    if keyword != lower:
        return Refusal("expression", f"AWS writes {lower} in lower case", lower + text[len(keyword) :])
    if not rest.startswith("("):
        return Refusal("expression", "the opening parenthesis is missing", f"{lower}({rest.strip()}")
    if text[len(keyword)] == " ":
        return Refusal("expression", f"there is a space between {lower} and its parenthesis", lower + rest)
    if ")" not in rest:
        return Refusal("expression", "the closing parenthesis is missing", f"{text.rstrip()})")
    inside, _, tail = rest[1:].rpartition(")")
    if tail:
        return Refusal("expression", f"{tail.strip()!r} follows the closing parenthesis", f"{lower}({inside})")
    if _WHOLE.fullmatch(inside.strip()):
        return Refusal("expression", "it holds a whole expression inside another", inside.strip())
    flat = re.sub(r"[()]", "", inside)
    return Refusal("expression", "there are parentheses inside the parentheses", f"{lower}({flat})")


def _explain_bare(text: str) -> Refusal:
    word = text.partition("(")[0].strip().lower()
    if "(" in text and (close := get_close_matches(word, list(Kind), 1)):
        return Refusal("expression", f"{word} is no keyword; {close[0]} is", close[0] + text[text.index("(") :])
    missing = "the {} and its parentheses are missing"
    if _DATE.fullmatch(text):
        return Refusal("expression", missing.format("keyword at"), f"at({text})")
    if every := _EVERY.fullmatch(text):
        return Refusal("expression", missing.format("keyword rate"), f"rate({every[1]})")
    if (text[0].isdigit() or text[0] == "*") and len(text.split()) in (5, 6, 7):
        problem = missing.format("keyword cron")
        if len(text.split()) == 5 and "?" not in text:
            problem += f", and {unix.FIVE_FIELDS}"
        return Refusal("expression", problem, f"cron({text})")
    return Refusal("expression", f"it is no form that AWS knows; write {_FORMS}")
