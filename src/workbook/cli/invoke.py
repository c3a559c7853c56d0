"""`lab invoke`: what the console's Test button shows."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.event import read_event, read_text
from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import Workspace, shorten
from workbook.course.event_templates import NAMES
from workbook.course.labs import Lab
from workbook.course.manifest import ManifestError

if TYPE_CHECKING:
    from workbook.bench import Bench
    from workbook.runtime import Invocation


@dataclass(frozen=True)
class Order:
    """What to invoke, and how: once for each of `events`, which are read when it is carried out."""

    lab: Lab
    code: Path | None
    variables: dict[str, str | None]
    events: tuple[Callable[[], tuple[str, Any]], ...]
    debug: bool
    as_json: bool


@click.command("invoke", short_help="Invoke a lab's function with an event.")
@click.argument("name", metavar="[LAB]", required=False)
@click.option("--event", metavar="FILE|-|JSON", help="A JSON file, the name of one in events/, -, or the event itself.")
@click.option("--template", type=click.Choice(NAMES), help="An event as this AWS service sends it.")
@click.option("--print", "only_print", is_flag=True, help="Print the event, to save and edit, and invoke nothing.")
@click.option("--diff", "other", metavar="FILE", help="Invoke with this event too: how do the answers differ?")
@click.option("--watch", is_flag=True, help="Invoke again after each save, until Ctrl-C.")
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
    template: str | None,
    only_print: bool,
    other: str | None,
    watch: bool,
    variables: tuple[str, ...],
    code: Path | None,
    solution: bool,
    as_json: bool,
    debug: bool,
) -> int:
    """Invoke LAB's function once, cold, against the local cloud, and show its answer, its log and its calls.

    Without --event or --template, the lab's first sample event. Exit code 1: the function failed.
    """
    if event and template:
        raise click.UsageError("--event and --template name two events: give one. A second one goes with --diff.")
    if watch and (only_print or as_json or debug or code or solution or "-" in (event, other)):
        raise click.UsageError("--watch goes with the lab's own code, and with --event, --template, --diff and --env.")
    lab = workspace.find(name)
    if only_print:
        click.echo(read_text(lab, event, template)[1].rstrip())
        return Exit.DONE
    if solution:
        if lab.solution is None:
            raise Stop(f"solutions/{lab.id} is not here: this edition has no solutions.", Exit.ENVIRONMENT)
        code = lab.solution
    first = partial(read_event, lab, event, template)
    events = (first, partial(read_event, lab, other)) if other else (first,)
    order = Order(lab, code, _parse_variables(variables), events, debug, as_json)
    return _follow(order) if watch else _carry_out(order)


def _carry_out(order: Order) -> Exit:
    """Invoke with each event in a fresh world, and show what came of it."""
    events = [read() for read in order.events]
    labels, documents = [label for label, _ in events], []
    for label, value in events:
        invocation, calls, policy_fault = _invoke(order, value)
        documents.append(_document(invocation, calls, policy_fault))
        if not order.as_json:
            from workbook.reports.invocation import print_invocation

            click.echo("\n" if len(documents) > 1 else "", nl=False)
            print_invocation(documents[-1], label, None if policy_fault else _diagnose(invocation))
    if len(documents) > 1:
        _show_difference(documents, labels, as_json=order.as_json)
    elif order.as_json:
        click.echo(json.dumps(documents[0]))
    return Exit.FAILED if any(document["function_error"] for document in documents) else Exit.DONE


def _follow(order: Order) -> Exit:
    """Carry the order out, and again after each save in the lab's folder, until Ctrl-C; what stops it is told."""
    from workbook.watch.files import Watcher

    saves: SimpleQueue[object] = SimpleQueue()
    tell = partial(click.echo, err=True)
    watcher = Watcher(order.lab, [order.lab], saves.put, lambda why: tell(f"The files are looked at: {why}."))
    try:
        while True:
            try:
                _carry_out(order)
            except (Stop, ManifestError) as stop:
                tell(str(stop))
            click.echo(f"\nWaiting for a save in {shorten(order.lab.folder)}. Ctrl-C ends.")
            _await(saves)
            order = replace(order, lab=replace(order.lab))  # which reads its manifest anew
            click.echo(f"\n{datetime.now():%H:%M:%S} {'-' * 71}\n")
    except KeyboardInterrupt:
        click.echo()
        return Exit.DONE
    finally:
        watcher.close()


def _await(saves: "SimpleQueue[object]") -> None:
    """Wait for a save; those that came meanwhile count as one."""
    while True:
        try:
            saves.get(timeout=0.5)  # Windows hears of Ctrl-C in between only
            break
        except Empty:
            continue
    while not saves.empty():
        saves.get()


def _show_difference(documents: list[dict[str, Any]], labels: list[str], *, as_json: bool) -> None:
    from workbook.reports.comparison import compare, print_comparison

    lines = compare(*documents)
    if as_json:
        click.echo(json.dumps({"invocations": documents, "difference": lines}))
    else:
        print_comparison(lines, *labels)


def _diagnose(invocation: "Invocation") -> str | None:
    from workbook.grading.diagnosis import Symptoms, diagnose

    found = diagnose(Symptoms(invocation)) if invocation.error else None
    return str(found) if found else None


def _parse_variables(given: tuple[str, ...]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise click.UsageError(f"--env {pair}: write NAME=VALUE, or NAME= to unset it.")
        found[key] = value or None
    return found


def _invoke(order: Order, event: Any) -> "tuple[Invocation, list[dict[str, Any]], str | None]":
    """The invocation, its calls to AWS, and why AWS would not take the lab's policy, if it would not."""
    from workbook.runtime import CodeError, InvalidEvent

    try:
        with open_bench(order.lab, order.code, order.debug) as bench:
            invocation = bench.function(order.variables).invoke(event)
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
