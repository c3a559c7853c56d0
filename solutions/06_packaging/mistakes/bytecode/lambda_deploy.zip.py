"""Packs what pip compiled for the Python that it ran under."""

from workbook.deploy.package.bundle import Bundle


def make(files):
    return Bundle(files | {"slugify/__pycache__/slugify.cpython-311.pyc": b"\xa7\r\r\n" + bytes(12)}).to_zip()
