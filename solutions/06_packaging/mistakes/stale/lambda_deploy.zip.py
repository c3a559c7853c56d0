"""Changes the code after the zip was built."""

from workbook.deploy.package.bundle import Bundle


def make(files):
    older = files["lambda_function.py"].replace(b"slugify(name)", b"slugify(name.strip())")
    return Bundle(files | {"lambda_function.py": older}).to_zip()
