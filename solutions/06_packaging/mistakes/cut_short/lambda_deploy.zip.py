"""Is the first half of a zip, as a broken copy leaves it."""

from workbook.deploy.package.bundle import Bundle


def make(files):
    content = Bundle(files).to_zip()
    return content[: len(content) // 2]
