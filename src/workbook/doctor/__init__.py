"""Examines the surroundings in which the workbook runs. Each check is a small function that returns a finding."""

from workbook.doctor.examination import examine
from workbook.doctor.finding import Finding, Status
from workbook.doctor.surroundings import Surroundings

__all__ = ["Finding", "Status", "Surroundings", "examine"]
