"""`lab schedule`: what a schedule expression means to AWS, and a lab's function at the times it fires."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import Workspace, say, shorten
from workbook.course.labs import Lab
from workbook.deploy.schedule import Kind, Schedule, ScheduleError, draw, parse, zone
from workbook.deploy.schedule.simulation import plan

if TYPE_CHECKING:
    from workbook.bench import Bench
    from workbook.deploy.schedule.simulation import Summary
    from workbook.runtime import Function

LISTED = 5
SIMULATED = 24
MOST = 10_000
MOST_CALLS = 9_000  # the local cloud refuses calls after 10,000
KEYS_LISTED = 10
LAST_YEAR = 9998  # a drawing needs days after its first firing
_EXAMPLE = '"cron(0 12 * * ? *)"'


Span = tuple[datetime, datetime]


def _read_moment(ctx: click.Context, option: click.Parameter, text: str | None) -> datetime | None:
    return None if text is None else _parse_moment(text)


def _read_span(ctx: click.Context, option: click.Parameter, texts: tuple[str, str] | None) -> Span | None:
    if texts is None:
        return None
    start, end = map(_parse_moment, texts)
    if end <= start:
        raise click.BadParameter(f"{texts[1]} is not later than {texts[0]}.")
    return start, end


def _parse_moment(text: str) -> datetime:
    """A date or time in ISO 8601; without an offset, UTC."""
    try:
        found = datetime.fromisoformat(text)
        moment = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"{text!r} is no time; write it as 2026-01-15T09:00 (UTC) or 2026-01-15T09:00+01:00."
        ) from None
    if not 1970 <= moment.year <= 2199:
        raise click.BadParameter(f"{text!r} is outside the years that AWS's schedules know, 1970 to 2199.")
    return moment


@click.command("schedule", short_help="What a schedule expression means, and when it fires.")
@click.argument("words", nargs=-1, metavar='"EXPRESSION"')
@click.option(
    "--service",
    type=click.Choice(["rules", "scheduler"]),
    default="rules",
    show_default=True,
    help="Who fires it: an EventBridge rule, or EventBridge Scheduler.",
)
@click.option("--timezone", metavar="ZONE", help="Such as Europe/Oslo: Scheduler reads it so, a rule is only shown so.")
@click.option("--count", type=click.IntRange(1, MOST), help=f"How many firings: {LISTED}, or {SIMULATED} to simulate.")
@click.option(
    "--after",
    metavar="T",
    callback=_read_moment,
    help="Fire after this time, not after now; ISO 8601, UTC without an offset.",
)
@click.option("--simulate", "lab_name", metavar="LAB", help="Invoke this lab's function at those virtual times.")
@click.option(
    "--until", metavar="T", callback=_read_moment, help="Simulate up to this time, instead of a number of firings."
)
@click.option(
    "--unplugged",
    nargs=2,
    metavar="FROM UNTIL",
    callback=_read_span,
    help="Simulate with the lab's HTTP API out of reach between these times.",
)
@click.option("--code", type=click.Path(path_type=Path), metavar="PATH", help="Simulate this folder, .py file or .zip.")
@click.option("--solution", is_flag=True, help="Simulate the reference solution.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(
    workspace: Workspace,
    words: tuple[str, ...],
    service: str,
    timezone: str | None,
    count: int | None,
    after: datetime | None,
    lab_name: str | None,
    until: datetime | None,
    unplugged: Span | None,
    code: Path | None,
    solution: bool,
    as_json: bool,
) -> int:
    """Say what a schedule EXPRESSION means and when it fires, or why AWS refuses it and what to write.

    With --simulate, invoke a lab's function at those times with the event that AWS sends, retries included; the
    local cloud keeps what is stored. Exit code 1: the expression is refused, or an event was lost.
    """
    if len(words) != 1:
        raise click.UsageError(f"Put one expression in double quotes: {say('schedule')} {_EXAMPLE}")
    if lab_name is None and (until or unplugged or code or solution):
        raise click.UsageError("--until, --unplugged, --code and --solution go with --simulate LAB.")
    lab = workspace.find(lab_name) if lab_name is not None else None
    if lab and unplugged and not lab.manifest.api_responses:
        raise click.UsageError(f"--unplugged: {lab.id} has no HTTP API.")
    source = _source(lab, code, solution) if lab else None
    shown_in = _find_zone(timezone)
    after = after or datetime.now(UTC)
    if until and until <= after:
        raise click.UsageError(f"--until {until:%Y-%m-%d %H:%M} is not later than {after:%Y-%m-%d %H:%M} (both UTC).")
    try:
        schedule = parse(words[0], service)
    except ScheduleError as error:
        return _refuse(error, words[0], service, timezone, as_json=as_json)
    read_in = timezone or "UTC"
    most = count or (MOST if until else SIMULATED if lab else LISTED)
    moments = list(plan(schedule, after, until=until, count=most + 1, timezone=read_in))
    if until and not count and len(moments) > MOST:
        click.echo(
            f"Only the first {MOST:,} firings are simulated, up to {moments[MOST - 1]:%Y-%m-%d %H:%M} UTC.", err=True
        )
    del moments[most:]
    document = _describe(schedule, after, moments, read_in, shown_in)
    if lab and source:
        return _simulate(lab, source, schedule, after, read_in, document, unplugged, as_json=as_json)
    if as_json:
        click.echo(json.dumps(document))
    else:
        from workbook.reports.schedule import print_schedule

        drawable = moments and moments[0].year <= LAST_YEAR
        print_schedule(document, timezone, draw(schedule, after, read_in) if drawable else [])
    return Exit.DONE


def _source(lab: Lab, code: Path | None, solution: bool) -> Path:
    if solution and code:
        raise click.UsageError("--solution and --code name two codes: give one.")
    if solution and lab.solution is None:
        raise Stop(f"solutions/{lab.id} is not here: this edition has no solutions.", Exit.ENVIRONMENT)
    return (lab.solution if solution else code) or lab.folder


def _find_zone(name: str | None) -> tzinfo | None:
    """The zone in which times are shown; None is this computer's."""
    try:
        return None if name is None else zone.find(name)
    except ScheduleError as error:
        guess = f" Did you mean {error.suggestion}?" if error.suggestion else ""
        raise click.UsageError(f"--timezone: {error.problem}.{guess}") from None


def _refuse(error: ScheduleError, expression: str, service: str, timezone: str | None, *, as_json: bool) -> Exit:
    problem = {"field": error.field, "problem": error.problem, "aws": error.aws_message, "suggestion": error.suggestion}
    document = {"expression": expression, "service": service, "valid": False, "kind": None, "description": None,
                "warnings": [], "firings": [], "error": problem}  # fmt: skip
    if as_json:
        click.echo(json.dumps(document))
    else:
        from workbook.reports.schedule import print_refusal

        options = f" --service {service}" if service != "rules" else ""
        options += f" --timezone {timezone}" if timezone else ""
        print_refusal(document, error.suggestion and say(f'schedule "{error.suggestion}"{options}'))
    return Exit.FAILED


def _describe(
    schedule: Schedule, after: datetime, moments: Sequence[datetime], read_in: str, shown_in: tzinfo | None
) -> dict[str, Any]:
    return {
        "expression": schedule.expression,
        "service": schedule.service,
        "valid": True,
        "kind": schedule.kind,
        "description": schedule.describe(read_in),
        "warnings": list(schedule.warn(after, "UTC" if schedule.kind is Kind.RATE else read_in)),
        "firings": [
            {"utc": f"{moment:%Y-%m-%dT%H:%M:%SZ}", "local": _localise(moment, shown_in)} for moment in moments
        ],
        "error": None,
    }


def _localise(moment: datetime, shown_in: tzinfo | None) -> str:
    try:
        return moment.astimezone(shown_in).isoformat(timespec="seconds")
    except (OverflowError, OSError, ValueError):  # beyond the calendar, or beyond what the system's clock knows
        return moment.isoformat(timespec="seconds")


def _simulate(
    lab: Lab,
    source: Path,
    schedule: Schedule,
    after: datetime,
    read_in: str,
    document: dict[str, Any],
    unplugged: Span | None,
    *,
    as_json: bool,
) -> Exit:
    """Run the firings of the document, and print them as they end, or the document with them at the end."""
    from workbook.deploy.schedule.simulation import Summary, name_source, simulate
    from workbook.reports.inert import inert
    from workbook.reports.schedule import Progress, SimulationReport

    number = len(document["firings"])
    name = lab.manifest.function.name
    simulation: dict[str, Any] = {
        "lab": lab.id, "function": name, "source": name_source(schedule, name), "firings": [], "summary": None
    }  # fmt: skip
    report = None if as_json else SimulationReport(document, f"{name} ({shorten(source)})")
    progress, summary = Progress(number), Summary()
    stopped, interrupted = None, False
    with ExitStack() as world:
        bench, function = _open(lab, source, world)
        world_at = partial(_set_plug, bench, unplugged) if unplugged else lambda at: None
        try:
            for firing in simulate(
                function,
                schedule,
                after,
                count=number,
                timezone=read_in,
                calls=lambda: bench.cloud.calls,
                before=world_at,
            ):
                summary = summary.add(firing)
                if report:
                    report.show(firing.to_dict())
                else:
                    simulation["firings"].append(firing.to_dict())
                progress.advance(summary.firings)
                if len(bench.cloud.calls) > MOST_CALLS and summary.firings < number:
                    stopped = f"{MOST_CALLS:,} calls are the most that the local cloud takes in one simulation"
                    break
        except KeyboardInterrupt:
            stopped, interrupted = "you stopped it", True
        simulation["summary"] = _summarise(summary, bench, stopped)
        faults = bench.faults + bench.breakdowns
    if report:
        report.close(simulation["summary"])
    else:
        click.echo(json.dumps({**document, "simulation": simulation}))
    if faults:
        last = faults[0].strip().rpartition("\n")[2]
        raise Stop(f"The local cloud itself broke, so the simulation proves nothing: {inert(last)}", Exit.BENCH)
    if interrupted:
        raise KeyboardInterrupt
    return Exit.FAILED if summary.lost else Exit.DONE


def _set_plug(bench: "Bench", unplugged: Span, at: datetime) -> None:
    """Leaves the lab's HTTP API as it is at that virtual time."""
    if unplugged[0] <= at < unplugged[1]:
        bench.http_api.unplug()
    else:
        bench.http_api.plug_in()


def _open(lab: Lab, source: Path, world: ExitStack) -> "tuple[Bench, Function]":
    from workbook.bench import Bench, BenchError
    from workbook.runtime import CodeError
    from workbook.runtime.requirements import RequirementsMissing

    try:
        bench = world.enter_context(Bench(lab, source))
        return bench, bench.function()
    except CodeError as error:
        raise Stop(str(error), Exit.FAILED) from error
    except RequirementsMissing as error:
        raise Stop(str(error), Exit.ENVIRONMENT) from error
    except BenchError as error:
        raise Stop(str(error), Exit.BENCH) from error
    except ValueError as error:  # a manifest that names a service which the local cloud lacks
        raise Stop(str(error), Exit.USAGE) from error


def _summarise(summary: "Summary", bench: "Bench", stopped: str | None) -> dict[str, Any]:
    from workbook.deploy.schedule.simulation import list_objects

    objects = {
        bucket: {"count": len(keys), "keys": keys[:KEYS_LISTED]}
        for bucket, keys in list_objects(bench.cloud.client("s3")).items()
    }
    return {**summary.to_dict(), "objects": objects, "stopped": stopped}
