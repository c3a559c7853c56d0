"""Result documents for reports."""

from collections.abc import Callable
from typing import Any

import pytest

HOSTILE = {
    "script": "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">",
    "breaks out": "</pre></td></table></main><style>*{display:none}</style>\"'>]]>-->&amp;<!--",
    "bidi": "ada\u202egpj.exe\u2066\u200b",
    "terminal": "\x1b]0;owned\x07\x9b31m\r\n\x85\u2028\x00",
    "not XML": "\ufffe\uffff\ud800\x0b",
    "formula": '=HYPERLINK("http://evil.invalid","x")',
    "later formula": "fine;=1+1,+2\t-3|@SUM(1)",
    "piled": "a" + "\u0300" * 400,
    "wide": "W" * 3000,
}


@pytest.fixture
def make_document() -> Callable[..., dict[str, Any]]:
    """Makes the document of a submission with a public check that passed, one that failed, and a hidden one."""

    def make_check(name: str, status: str = "passed", points: int = 4, **given: Any) -> dict[str, Any]:
        check = {
            "id": f"test_{name}",
            "task": 1,
            "title": f"does {name}",
            "status": status,
            "reason": None,
            "score": points if status == "passed" else 0,
            "max_score": points,
            "visibility": "public",
            "message": None if status == "passed" else f"{name} is not so",
            "diagnosis": None,
            "log": None if status == "passed" else f"log of {name}\n",
            "seconds": 0.25,
        }
        return check | given

    def make(student: str = "ada", text: str | None = None, **given: Any) -> dict[str, Any]:
        """`text` stands wherever a submission can bring text in."""
        told = (
            text
            if text is not None
            else "means     It broke.\ntry       Mend it.\nmore      docs/troubleshooting.md#it"
        )
        checks = [
            make_check("one"),
            make_check("two", "failed", message=text or "two is not so", diagnosis=told, log=text or "its log\n"),
            make_check("secret", "failed", 6, visibility="hidden", message=text or "SECRET words", log="SECRET log"),
            make_check("covert", "passed", 2, visibility="hidden"),
        ]
        document = {
            "schema": 1,
            "lab": "03_s3_writes",
            "submission": {"id": student, "sha256": "0" * 64},
            "status": "failed",
            "score": 6,
            "max_score": 16,
            "sandbox": "namespaces",
            "seconds": 1.5,
            "message": None,
            "checks": checks,
        }
        return document | given

    make.check = make_check  # type: ignore[attr-defined]
    return make


@pytest.fixture(params=HOSTILE)
def hostile(request: pytest.FixtureRequest) -> str:
    return HOSTILE[request.param]
