"""Removes the .dist-info folders to save space: nobody can tell the versions any more."""

from workbook.deploy.package.bundle import Bundle


def make(files):
    return Bundle({name: content for name, content in files.items() if ".dist-info/" not in name}).to_zip()
