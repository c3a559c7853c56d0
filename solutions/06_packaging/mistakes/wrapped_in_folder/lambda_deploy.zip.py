"""Zips the folder, not what is in it."""

from workbook.deploy.package.bundle import Bundle


def make(files):
    return Bundle({f"lambda_package/{name}": content for name, content in files.items()}).to_zip()
