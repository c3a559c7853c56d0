"""What pip and zip leave: commands, records, and entries for the folders."""

import io
import zipfile


def make(files):
    stream = io.BytesIO()
    added = {
        "bin/slugify": b"#!/usr/bin/python3\nfrom slugify.__main__ import main\nmain()\n",
        "python_slugify-9.2.0.dist-info/INSTALLER": b"pip\n",
        "python_slugify-9.2.0.dist-info/RECORD": b"slugify/__init__.py,,\n",
    }
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder in ("bin/", "slugify/", "text_unidecode/"):
            archive.writestr(describe(folder, 0o40755), b"")
        for name, content in (files | added).items():
            archive.writestr(describe(name, 0o100755 if name.startswith("bin/") else 0o100644), content)
    return stream.getvalue()


def describe(name, mode):
    entry = zipfile.ZipInfo(name, (2026, 11, 23, 9, 30, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = mode << 16
    return entry
