"""Lays the files out as for a layer, in python/."""

from workbook.deploy.package.bundle import Bundle


def make(files):
    return Bundle({f"python/{name}": content for name, content in files.items()}).to_zip()
