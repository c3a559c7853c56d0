"""Packs the handler and nothing that it imports."""

from workbook.deploy.package.bundle import Bundle


def make(files):
    return Bundle({"lambda_function.py": files["lambda_function.py"]}).to_zip()
