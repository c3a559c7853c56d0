"""Installs with --no-deps: python-slugify alone."""

from workbook.deploy.package.bundle import Bundle


def make(files):
    return Bundle({name: content for name, content in files.items() if not name.startswith("text_unidecode")}).to_zip()
