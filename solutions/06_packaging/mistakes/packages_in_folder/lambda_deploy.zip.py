"""Puts the packages into a folder beside the handler."""

from workbook.deploy.package.bundle import Bundle


def make(files):
    return Bundle(
        {name if name == "lambda_function.py" else f"packages/{name}": content for name, content in files.items()}
    ).to_zip()
