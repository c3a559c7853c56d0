"""Packs boto3, which nobody asked for and which Lambda has."""

from workbook.deploy.package.bundle import Bundle


def make(files):
    notes = b"Metadata-Version: 2.1\nName: boto3\nVersion: 1.43.103\n"
    return Bundle(files | {"boto3/__init__.py": b"", "boto3-1.43.103.dist-info/METADATA": notes}).to_zip()
