"""Deployment packages: a zip that works on Lambda from any computer, and the judgement of any zip."""

from workbook.deploy.package.finding import Finding
from workbook.deploy.package.inspection import Inspection, inspect
from workbook.deploy.package.package import NAME, REQUIREMENTS, Package, PackageError, build, read_code
from workbook.deploy.package.resolution import Unreachable
from workbook.deploy.package.target import Target, UnknownTarget

__all__ = [
    "NAME", "REQUIREMENTS", "Finding", "Inspection", "Package", "PackageError", "Target", "UnknownTarget",
    "Unreachable", "build", "inspect", "read_code",
]  # fmt: skip
