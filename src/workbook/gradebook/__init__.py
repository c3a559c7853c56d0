"""The gradebook: every attempt at every lab, kept in a database, by default in one SQLite file.

Needs the packages of the group `grading`; importing this without them raises ImportError.
"""

from workbook.gradebook.attempt import Attempt
from workbook.gradebook.errors import GradebookError, NoGradebook
from workbook.gradebook.gradebook import DEFAULT_URL, Gradebook

__all__ = ["DEFAULT_URL", "Attempt", "Gradebook", "GradebookError", "NoGradebook"]
