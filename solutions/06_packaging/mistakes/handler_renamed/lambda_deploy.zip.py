"""Calls the handler's file something else."""

from workbook.deploy.package.bundle import Bundle


def make(files):
    return Bundle(
        {name.replace("lambda_function.py", "station_names.py"): content for name, content in files.items()}
    ).to_zip()
