"""What the checklist names as proof is there."""

from pathlib import Path

import pytest

from workbook.site import proofs
from workbook.site.fault import PageFault

ROOT = Path(__file__).resolve().parents[2]


def test_a_line_of_lab_verify_is_named() -> None:
    assert proofs.quote_verification("the variables are set").endswith(": the variables are set")


def test_a_line_that_lab_verify_has_not_is_refused() -> None:
    with pytest.raises(PageFault, match="no line of `lab verify`"):
        proofs.quote_verification("the moon is full")


def test_a_check_is_named_by_what_its_student_sees() -> None:
    quoted = proofs.quote_check(ROOT, "04_logging test_raises_the_error_again")
    assert quoted == "[`lab check 4`](labs/04_logging.md): raises the error of S3 again, so that the invocation fails"


@pytest.mark.parametrize("about", ["04_logging test_nothing", "44_none test_answers_200", ""])
def test_a_check_that_is_not_there_is_refused(about: str) -> None:
    with pytest.raises(PageFault, match="one of its checks"):
        proofs.quote_check(ROOT, about)
