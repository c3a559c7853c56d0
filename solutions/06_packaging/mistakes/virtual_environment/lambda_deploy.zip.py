"""Packs a virtual environment."""

from workbook.deploy.package.bundle import Bundle


def make(files):
    inside = {f".venv/lib/python3.13/site-packages/{name}": content for name, content in files.items() if "/" in name}
    own = {"lambda_function.py": files["lambda_function.py"], ".venv/pyvenv.cfg": b"version = 3.13.0\n"}
    return Bundle(own | inside).to_zip()
