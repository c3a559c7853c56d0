"""Another version, pinned and packed."""

from workbook.deploy.package.bundle import Bundle


def make(files):
    older = {}
    for name, content in files.items():
        name = name.replace("python_slugify-9.2.0", "python_slugify-8.0.4")
        older[name] = content.replace(b"\nVersion: 9.2.0\n", b"\nVersion: 8.0.4\n")
    return Bundle(older).to_zip()
