"""The deployment checklist, gone through by machine against what is in the account."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from workbook.cloud.permissions import Need, PolicyError
from workbook.course import facts
from workbook.course.manifest import ScheduleSetting
from workbook.deploy.activity import read_activity
from workbook.deploy.aws.account import Account
from workbook.deploy.aws.function import digest
from workbook.deploy.aws.log_group import find_group
from workbook.deploy.aws.trouble import Kind, Trouble
from workbook.deploy.checklist import Item, broken, held, look, unknown
from workbook.deploy.deployment import log_group_name
from workbook.deploy.grants import read_grants
from workbook.deploy.observation import Observation
from workbook.deploy.package.archive import Archive, ArchiveRefused
from workbook.deploy.package.expectation import Expectation
from workbook.deploy.package.finding import Severity
from workbook.deploy.package.layout import examine_layout
from workbook.deploy.package.target import Target, UnknownTarget
from workbook.deploy.trigger import Trigger, find_rules, find_timetables, may_invoke

LISTED = 4


@dataclass(frozen=True)
class Expected:
    """What a function is held against. `build` gives the zip that the lab's folder makes now, None when it makes none;
    `observe` gives what the suite sees the function use, for this account, or why that is not known.
    Both take their time, and are called when they are needed."""

    function: str
    variables: tuple[str, ...]
    schedule: ScheduleSetting | None
    build: Callable[[], bytes | None]
    observe: Callable[[], Observation | str]


def verify(expected: Expected, account: Account, today: date, fetch: Callable[[Account, str], bytes]) -> Iterator[Item]:
    """Goes through the checklist, an item at a time. `fetch` gets the deployed zip from an address that Lambda gives.

    Raises Trouble when nothing can be looked at: no credentials, no network.
    """
    try:
        function = _read(expected.function, account)
    except Trouble as trouble:
        if trouble.kind is Kind.ACCOUNT:
            raise
        yield look("the function is there", partial(_raise, trouble))
        return
    if function is None:
        yield broken(
            "the function is there",
            f"there is no function {expected.function} in {account.place.region}, account {account.place.account}",
            "Deploy it, or look at the region and the name.",
        )
        return
    is_now, location = function["Configuration"], function.get("Code", {}).get("Location")
    arn = str(is_now["FunctionArn"])
    yield _judge_state(is_now)
    yield _judge_runtime(str(is_now.get("Runtime")), today)
    yield look("the handler is in the zip", lambda: _judge_handler(expected, is_now, location, account, fetch))
    yield _judge_variables(expected.variables, is_now.get("Environment", {}))
    if expected.schedule:
        yield from _judge_triggers(expected.schedule, arn, account)
    group = is_now.get("LoggingConfig", {}).get("LogGroup") or log_group_name(is_now["FunctionName"])
    yield look("the role allows what is needed", lambda: _judge_role(expected, str(is_now["Role"]), group, account))
    yield look("the log group is there", lambda: _judge_log_group(group, account))
    yield look("the last invocations went well", lambda: _judge_activity(is_now["FunctionName"], group, account))


def _read(name: str, account: Account) -> dict[str, Any] | None:
    """The function with its code's address; without the address where the user may see the settings alone."""
    try:
        return account.find("lambda", "get_function", FunctionName=name)
    except Trouble as trouble:
        if trouble.kind is not Kind.DENIED:
            raise
        try:
            found = account.find("lambda", "get_function_configuration", FunctionName=name)
        except Trouble:
            raise trouble from None
        return found and {"Configuration": found}


def _raise(trouble: Trouble) -> Item:
    raise trouble


def _judge_state(is_now: Mapping[str, Any]) -> Item:
    title = "the function is there"
    state, update = is_now.get("State"), is_now.get("LastUpdateStatus")
    if "Failed" in (state, update):
        reason = is_now.get("StateReason") or is_now.get("LastUpdateStatusReason") or "no reason given"
        return broken(title, f"Lambda could not finish its last change: {reason}", "Deploy it again.")
    if state == "Pending" or update == "InProgress":
        return unknown(title, "Lambda is still working on it (state Pending); look again in a minute")
    return held(title, f"{is_now['FunctionArn']}, {state or 'Active'}")


def _judge_runtime(name: str, today: date) -> Item:
    title = "the runtime is not deprecated"
    runtime = facts.runtimes().get(name)
    if runtime is None and not name.startswith("python"):
        return broken(title, f"{name} is no Python", f"Choose {facts.default_runtime()} (console: Runtime settings).")
    if runtime is None:
        return unknown(title, f"{name} is not known here (facts of {facts.as_of()})")
    if runtime.is_deprecated(today):
        return broken(
            title,
            f"{name} is deprecated since {runtime.deprecated}; from {runtime.block_update} nobody can update it",
            f"Choose {facts.default_runtime()} (console: Runtime settings), or deploy again.",
        )
    until = "" if runtime.disputed else f" until {runtime.deprecated}"
    return held(title, f"{name}{until}")


def _judge_handler(
    expected: Expected,
    is_now: Mapping[str, Any],
    location: str | None,
    account: Account,
    fetch: Callable[[Account, str], bytes],
) -> Item:
    title = "the handler is in the zip"
    handler = str(is_now.get("Handler"))
    own = expected.build()
    is_same = own is not None and is_now.get("CodeSha256") == digest(own)
    if not is_same and location is None:
        return unknown(title, "needs permission lambda:GetFunction")
    code = own if is_same and own else fetch(account, str(location))
    try:
        target = Target(str(is_now.get("Runtime")), (is_now.get("Architectures") or ["x86_64"])[0])
        with Archive(code, "the deployed zip") as archive:
            findings = list(examine_layout(archive, Expectation(target, handler)))
    except (ArchiveRefused, UnknownTarget) as error:
        return unknown(title, str(error))
    if problem := next((found for found in findings if found.severity is Severity.PROBLEM), None):
        return broken(title, problem.problem, problem.cure)
    versus = "the zip is what the folder gives now" if is_same else "the zip is not what the folder gives now"
    return held(title, f"{handler}; {versus}" if own is not None else handler)


def _judge_variables(wanted: tuple[str, ...], environment: Mapping[str, Any]) -> Item:
    title = "the variables are set"
    if "Error" in environment:
        return unknown(title, "Lambda may not decrypt them for your user (needs permission kms:Decrypt)")
    values = environment.get("Variables", {})
    if unset := [name for name in wanted if not str(values.get(name, "")).strip()]:
        cure = "Set them: console, Configuration, Environment variables; or deploy with --env NAME=VALUE."
        return broken(title, f"not set, or blank: {', '.join(unset)}", cure)
    names = ", ".join(sorted(values))
    return held(title, f"{names} (values are not shown)" if names else "the function has none, and needs none")


def _judge_triggers(wanted: ScheduleSetting, function: str, account: Account) -> Iterator[Item]:
    title = "the trigger is there and enabled"
    found: list[Trigger] = []
    troubles: list[Trouble] = []
    for find in (find_rules, find_timetables):
        try:
            found += find(account, function)
        except Trouble as trouble:
            if trouble.kind is Kind.ACCOUNT:
                raise
            troubles.append(trouble)
    firing = [trigger for trigger in found if trigger.is_enabled]
    right = [trigger for trigger in firing if trigger.fires_as(wanted)]
    listed = "; ".join(map(str, found[:LISTED]))
    if not right and troubles:
        yield look(title, partial(_raise, troubles[0]))
        return
    if not right:
        text = f"expected {wanted.expression}; there is {listed or 'none'}"
        yield broken(title, text, "Add it (console: Configuration, Triggers), enable it or mend it; or deploy again.")
        return
    if len(firing) > 1:
        text = f"{len(firing)} triggers invoke it: {listed}"
        yield broken(title, text, "Disable or remove those that are too many: each event is handled twice.")
    else:
        yield held(title, str(right[0]))
    yield look("the trigger may invoke the function", lambda: _judge_invoking(right[0], function, account))


def _judge_invoking(trigger: Trigger, function: str, account: Account) -> Item:
    title = "the trigger may invoke the function"
    try:
        is_allowed = may_invoke(account, trigger, function)
    except PolicyError as error:
        return unknown(title, f"a policy of Scheduler's role cannot be read here: {error}")
    if is_allowed:
        by = "by the function's own policy" if trigger.service == "rules" else f"by the role {trigger.role}"
        return held(title, by)
    if trigger.service == "rules":
        return broken(
            title,
            f"nothing in the function's own policy lets {trigger.arn} in: it fires, and nothing happens",
            "Add the trigger from the function's page, call add_permission, or deploy again.",
        )
    return broken(
        title,
        f"the role {trigger.role} does not allow lambda:InvokeFunction: it fires, and nothing happens",
        "Let Scheduler create a role, or deploy again.",
    )


def _judge_role(expected: Expected, role: str, group: str, account: Account) -> Item:
    title = "the role allows what is needed"
    log = account.place.arn("logs", f"log-group:{group}:log-stream:any")
    needs = [Need("logs:CreateLogStream", log), Need("logs:PutLogEvents", log)]
    try:
        grants = read_grants(account, role.rpartition("/")[2])
        observed = expected.observe()
        needs += () if isinstance(observed, str) else observed.needs
    except PolicyError as error:
        return unknown(title, f"a policy of {role} cannot be read here: {error}")
    if refused := [need for need in dict.fromkeys(needs) if not grants.allows(need)]:
        if any(one.conditional and one.concerns(refused[0]) for one in grants.statements):
            return unknown(title, f"{refused[0].action} depends on a condition in the role's policy")
        actions = [f"{need.action} on {need.resource}" for need in refused[:LISTED]]
        more = f" and {len(refused) - LISTED} more" if len(refused) > LISTED else ""
        cure = "Add it to the role's policy; lab policy --observed prints one that is enough."
        return broken(title, f"{role} does not allow {', '.join(actions)}{more}", cure)
    actions = sorted({need.action for need in needs})
    if isinstance(observed, str):
        return unknown(title, f"its log it may write; what else it needs is not known ({observed})")
    if observed.gap:
        return unknown(title, f"it allows {', '.join(actions)}; {observed.gap}")
    return held(title, ", ".join(actions))


def _judge_log_group(name: str, account: Account) -> Item:
    title = "the log group is there"
    group = find_group(account, name)
    if group is None:
        cure = "Invoke the function once; if it stays so, the role lacks logs:CreateLogGroup."
        return broken(title, f"there is no {name}: the function has not run, or may not log", cure)
    days = group.get("retentionInDays")
    return held(title, f"{name}, lines are kept {f'for {days} days' if days else 'for ever'}")


def _judge_activity(function: str, group: str, account: Account) -> Item:
    title = "the last invocations went well"
    activity = read_activity(account, function, group)
    if activity.errors:
        text = f"{activity.invocations} in the last 24 hours, {activity.errors} with an error"
        return broken(title, text, "Read them: console, Monitor, View CloudWatch logs.")
    if activity.invocations:
        return held(title, f"{activity.invocations} in the last 24 hours, none with an error")
    if activity.last_line:
        return held(title, f"the last log line is of {activity.last_line:%Y-%m-%d %H:%M} UTC")
    return unknown(title, "no invocation is to be seen yet (metrics and logs come minutes late)")
