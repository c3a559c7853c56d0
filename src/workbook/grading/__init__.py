"""Suites and their verdicts: the pytest plugin, the result document, and what runs one submission's checks."""

from typing import Any

__all__ = ["grade"]


def grade(*args: Any, **kwargs: Any) -> Any:
    """See `workbook.grading.judge.grade`; imported when first called, since pytest is heavy."""
    from workbook.grading import judge

    return judge.grade(*args, **kwargs)
