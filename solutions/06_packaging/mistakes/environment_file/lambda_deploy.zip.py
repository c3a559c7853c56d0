"""Packs the .env file of the folder that it was built in."""

from workbook.deploy.package.bundle import Bundle


def make(files):
    return Bundle(files | {".env": b"API_KEY=not-a-real-key\n"}).to_zip()
