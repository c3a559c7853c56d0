"""Zips with Windows PowerShell 5.1, which parts folders by backslashes."""

import io
import zipfile


def make(files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo("name")
            entry.filename = name.replace("/", "\\")
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, content)
    return stream.getvalue()
