"""The first code of a function's process: arrange what Lambda gives a function, then run awslambdaric.

Started as `python -I -S -B -X utf8 boot.py` with its settings as JSON in the variable `_WORKBOOK_BOOT`:
`task_root`, `layers` (folders), `site_packages` (folders), `surface` (importable package names), `writable`
(folders), `private` (folders that look absent), `created` (a file that lists what was made under /tmp),
`client` ("native" or "pure"), `handler` and `api` ("host:port").
"""

import json
import os
import sys


def arrange(settings):
    """Give this process Lambda's import surface, working folder and read-only file system."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, here)
    import import_surface
    import read_only

    import_surface.install(settings["site_packages"], settings["surface"])
    if settings["client"] == "pure":
        import runtime_client  # noqa: F401  awslambdaric finds it in sys.modules
    sys.path.remove(here)
    for private_name in ("import_surface", "read_only"):
        del sys.modules[private_name]

    sys.path[:0] = [settings["task_root"], *settings["layers"]]
    os.chdir(settings["task_root"])
    read_only.install(settings["task_root"], settings["writable"], settings["private"], settings["created"])


def run():
    settings = json.loads(os.environ.pop("_WORKBOOK_BOOT"))
    os.environ["_LAMBDA_TELEMETRY_LOG_FD"] = str(os.dup(1))
    arrange(settings)

    from awslambdaric import bootstrap
    from awslambdaric.lambda_runtime_client import LambdaRuntimeClient

    bootstrap.run(settings["handler"], LambdaRuntimeClient(settings["api"]))


if __name__ == "__main__":
    run()
