"""Calls the function `main`, in the folder and in the zip."""

from workbook.deploy.package.bundle import Bundle


def make(files):
    handler = files["lambda_function.py"].replace(b"lambda_handler", b"main")
    return Bundle(files | {"lambda_function.py": handler}).to_zip()
