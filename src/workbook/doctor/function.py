"""Whether a function runs here at all."""

import tempfile
from pathlib import Path

from workbook.doctor.finding import LAB, Finding, ok, problem
from workbook.doctor.surroundings import Surroundings

CODE = "def lambda_handler(event, context):\n    return event\n"
EVENT = {"station": "north-quay"}
TIMEOUT = 10  # seconds; a laptop asleep a moment ago is slow


def check_function(place: Surroundings) -> Finding:
    """A function of two lines answers an event, in a process of its own."""
    from workbook.runtime import Configuration, Function, Platform

    platform = Platform()
    with tempfile.TemporaryDirectory(prefix="workbook-doctor-") as folder:
        code = Path(folder, "lambda_function.py")
        code.write_text(CODE, "utf-8")
        with Function(code, Configuration(timeout=TIMEOUT), platform=platform) as function:
            invocation = function.invoke(EVENT)
    client = f"{platform.client.value} runtime client"
    if invocation.payload != EVENT:
        words = invocation.error.message if invocation.error else "it did not return its event"
        cure = f"Run {LAB} setup. A security program may also forbid Python to start Python."
        return problem("function", f"a function of two lines fails ({client}): {words}", cure)
    return ok("function", f"starts and answers ({client})")
