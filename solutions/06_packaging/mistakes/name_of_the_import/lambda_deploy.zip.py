"""Takes the name in the import for the package's: what comes is another package, which drops the letters it lacks."""

from workbook.deploy.package.bundle import Bundle

NOTES = "slugify-0.0.1.dist-info"
OTHER = b"""import re


def slugify(text):
    return re.sub(r"[^a-z0-9]+", "-", text.encode("ascii", "ignore").decode().lower()).strip("-")
"""


def make(files):
    return Bundle(
        {
            "lambda_function.py": files["lambda_function.py"],
            "slugify.py": OTHER,
            f"{NOTES}/METADATA": b"Metadata-Version: 2.1\nName: slugify\nVersion: 0.0.1\n",
        }
    ).to_zip()
