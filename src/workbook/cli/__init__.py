"""The `lab` command: thin verbs that parse, call and render."""


def main() -> None:
    """Run the command line and exit with its code."""
    from workbook.cli.app import run

    run()
