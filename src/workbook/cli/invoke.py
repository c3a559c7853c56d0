"""`lab invoke`: what the console's Test button shows."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import Workspace, shorten
from workbook.course.labs import Lab

if TYPE_CHECKING:
    from workbook.bench import Bench
    from workbook.runtime import Invocation


@click.command("invoke", short_help="Invoke a lab's function with an event.")
@click.argument("name", metavar="[LAB]", required=False)
@click.option("--event", metavar="FILE|-", help="The event: a JSON file, the name of one in the lab's events/, or -.")
@click.option("--env", "variables", multiple=True, metavar="K=V", help="Set a variable; K= unsets it.")
@click.option("--code", type=click.Path(path_type=Path), metavar="PATH", help="Invoke this folder, .py file or .zip.")
@click.option("--solution", is_flag=True, help="Invoke the reference solution.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--debug", is_flag=True, help="Run in this process: breakpoint() stops, nothing is limited or isolated.")
@click.pass_obj
def command(
    workspace: Workspace,
    name: str | None,
    event: str | None,
    variables: tuple[str, ...],
    code: Path | None,
    solution: bool,
    as_json: bool,
    debug: bool,
) -> int:
    """Invoke LAB's function once, cold, against the local cloud, and show its answer, its log and its calls.

    Without --event, the lab's first sample event. Exit code 1: the function failed.
    """
    lab = workspace.find(name)
    if solution:
        if lab.solution is None:
            raise Stop(f"solutions/{lab.id} is not here: this edition has no solutions.", Exit.ENVIRONMENT)
        code = lab.solution
    label, value = read_event(lab, event)
    invocation, calls, policy_fault = _invoke(lab, value, _parse_variables(variables), code, debug)
    document = _document(invocation, calls, policy_fault)
    if as_json:
        click.echo(json.dumps(document))
    else:
        from workbook.reports.invocation import print_invocation

        print_invocation(document, label, None if policy_fault else _diagnose(invocation))
    return Exit.FAILED if invocation.error else Exit.DONE


def _diagnose(invocation: "Invocation") -> str | None:
    from workbook.grading.diagnosis import Symptoms, diagnose

    found = diagnose(Symptoms(invocation)) if invocation.error else None
    return str(found) if found else None


def read_event(lab: Lab, given: str | None) -> tuple[str, Any]:
    """What the event is called, and its value. Stops with exit code 2 when it is no JSON."""
    from workbook.runtime import InvalidEvent, parse_event

    if given == "-":
        label, text = "standard input", sys.stdin.read()
    elif given is None:
        if not lab.events:
            return "{}", {}
        label, text = shorten(lab.events[0]), lab.events[0].read_text("utf-8")
    else:
        path = _find_event(lab, given)
        try:
            label, text = shorten(path), path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Stop(f"{path} cannot be read: {error}", Exit.USAGE) from error
    try:
        return label, parse_event(text)
    except InvalidEvent as error:
        raise Stop(f"{label} is no event: {error}. An event is one JSON value.", Exit.USAGE) from error


def _find_event(lab: Lab, given: str) -> Path:
    path = Path(given)
    if path.is_file():
        return path
    for event in lab.events:
        if given in (event.name, event.stem, f"events/{event.name}"):
            return event
    names = ", ".join(event.stem for event in lab.events) or "none"
    raise Stop(f"There is no event {given!r}. The events of {lab.id}: {names}; or name a JSON file.", Exit.USAGE)


def _parse_variables(given: tuple[str, ...]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise click.UsageError(f"--env {pair}: write NAME=VALUE, or NAME= to unset it.")
        found[key] = value or None
    return found


def _invoke(
    lab: Lab, event: Any, variables: dict[str, str | None], code: Path | None, debug: bool
) -> "tuple[Invocation, list[dict[str, Any]], str | None]":
    """The invocation, its calls to AWS, and why AWS would not take the lab's policy, if it would not."""
    from workbook.runtime import CodeError, InvalidEvent

    try:
        with open_bench(lab, code, debug) as bench:
            invocation = bench.function(variables).invoke(event)
            return invocation, [_call(call) for call in bench.cloud.calls], bench.policy_fault
    except CodeError as error:
        raise Stop(str(error), Exit.FAILED) from error
    except InvalidEvent as error:
        raise Stop(f"The event is refused: {error}", Exit.USAGE) from error
    except ValueError as error:
        raise Stop(str(error), Exit.USAGE) from error


def open_bench(lab: Lab, code: Path | None, debug: bool) -> "Bench":
    from workbook.bench import Bench

    if not debug:
        return Bench(lab, code)
    from workbook.runtime.launchers.inline import InlineLauncher

    click.echo("In this process: no time limit, no isolation. The debugger's commands: n, c, p NAME, q.", err=True)
    return Bench(lab, code, launcher=InlineLauncher(), in_place=True)


def _call(call: Any) -> dict[str, Any]:
    return {
        "service": call.service,
        "operation": call.operation,
        "parameters": json.loads(json.dumps(call.parameters, default=_text)),
        "status": call.status,
        "error": call.error,
    }


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _document(invocation: "Invocation", calls: list[dict[str, Any]], policy_fault: str | None) -> dict[str, Any]:
    return {
        "status_code": invocation.status_code,
        "payload": invocation.payload,
        "function_error": invocation.function_error,
        "log": invocation.log_text,
        "report": {
            "request_id": invocation.request_id,
            "cold": invocation.cold,
            "duration_ms": invocation.duration_ms,
            "billed_ms": invocation.billed_ms,
            "init_ms": invocation.init_ms,
            "memory_mb": invocation.memory_mb,
            "max_memory_mb": invocation.max_memory_mb,
        },
        "calls": calls,
        "policy_fault": policy_fault,
    }
