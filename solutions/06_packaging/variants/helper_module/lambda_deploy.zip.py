"""The student's own package beside the installed ones, with a text file that nobody imports."""

from pathlib import Path

from workbook.deploy.package.bundle import Bundle

OWN = ("lambda_function.py", "harbour/__init__.py", "harbour/naming.py")


def make(files):
    here = Path(__file__).parent
    return Bundle(
        files | {name: (here / name).read_bytes() for name in OWN} | {"NOTICE.txt": b"of the harbour"}
    ).to_zip()
