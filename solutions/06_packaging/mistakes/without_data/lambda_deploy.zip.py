"""Zips *.py only, though a package reads a data file of its own."""

from workbook.deploy.package.bundle import Bundle


def make(files):
    return Bundle({name: content for name, content in files.items() if not name.endswith("data.bin")}).to_zip()
