"""The first code of a function's process: arrange what Lambda gives a function, then run awslambdaric.

Started as `python -I -S -B -X utf8 boot.py` with its settings as JSON in the variable `_WORKBOOK_BOOT`:
`task_root`, `layers` (folders), `site_packages` (folders), `surface` (importable package names), `temporary`
(its own folder), `shared` (folders such as /tmp), `private` (paths that look absent), `created` (a file that lists
what was made in shared folders), `client` ("native" or "pure"), `handler` and `api` ("host:port").
"""

import json
import os
import site
import sys


def load_runtime(settings):
    """Give this process Lambda's import surface, and import the runtime client.

    That comes before the function's folder stands on sys.path, as in the managed runtime: a student's `logging.py`
    shadows neither it nor what it has loaded. The answer makes the file system read-only.
    """
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, here)
    import import_surface
    import read_only

    import_surface.install(settings["site_packages"], settings["surface"])
    if settings["client"] == "pure" and "runtime_client" not in sys.modules:
        import runtime_client  # noqa: F401  awslambdaric finds it in sys.modules
    sys.path.remove(here)
    for private_name in ("import_surface", "read_only"):
        del sys.modules[private_name]
    import awslambdaric.bootstrap  # noqa: F401

    site.setquit()  # exit() and quit(), which -S leaves out
    return read_only.install


def enter(settings, make_read_only):
    """Stand in the function's folder, which nothing can write to any more."""
    os.environ["_LAMBDA_TELEMETRY_LOG_FD"] = str(os.dup(1))
    code = [settings["task_root"], *settings["layers"]]
    sys.path[:0] = code
    os.chdir(settings["task_root"])
    make_read_only(code, settings["temporary"], settings["shared"], settings["private"], settings["created"])


def run(settings):
    from awslambdaric import bootstrap
    from awslambdaric.lambda_runtime_client import LambdaRuntimeClient

    bootstrap.run(settings["handler"], LambdaRuntimeClient(settings["api"]))


def start():
    settings = json.loads(os.environ.pop("_WORKBOOK_BOOT"))
    enter(settings, load_runtime(settings))
    run(settings)


if __name__ == "__main__":
    start()
