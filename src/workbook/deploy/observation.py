"""What a function was seen to need: the permissions behind the calls that it made in its lab's suite."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.cloud.permissions import Need, find_needs
from workbook.course.labs import Lab
from workbook.deploy.aws.place import Place

if TYPE_CHECKING:
    from workbook.cloud import Call

CHECKS_BUCKET = re.compile(r"readings-[0-9a-f]{8}")  # the fixture `bucket` makes one for each check


@dataclass(frozen=True)
class Observation:
    """The permissions behind the suite's successful calls, each once, and how many of its `checks` did not pass
    (`missed`): a function that does not do its work has not shown all that it needs."""

    needs: tuple[Need, ...]
    missed: int = 0
    checks: int = 0

    @property
    def gap(self) -> str:
        """What there is to say when not all was seen; empty otherwise."""
        return f"{self.missed} of {self.checks} checks do not pass, so it may need more" if self.missed else ""


class Unobserved(RuntimeError):
    """The suite could not be run on the code; the text says why."""


def observe(lab: Lab, source: Path, place: Place, buckets: Mapping[str, str]) -> Observation:
    """Runs the lab's suite on the code in `source`, here, and gives what its successful calls ask of a policy, in the
    words of `place`. `buckets` gives the manifest's buckets their names there. Raises Unobserved."""
    from workbook.bench import Bench, BenchError
    from workbook.grading.document import Status
    from workbook.grading.judge import grade

    calls: list[Call] = []
    try:
        result = grade(lab, source, on_calls=calls.extend)
    except BenchError as error:
        raise Unobserved(f"its suite cannot be run: {error}") from error
    if result.rejected is not None:
        raise Unobserved(f"its code cannot be taken in: {result.rejected}")
    if result.status == "not_judged":
        raise Unobserved("its suite cannot be run: the bench broke, as lab check shows")
    with Bench(lab, source) as bench:
        if bench.policy_fault:
            raise Unobserved(f"AWS would not take its policy, so the role may do nothing. {bench.policy_fault}")
    own = next((buckets.get(bucket, bucket) for bucket in lab.manifest.buckets), None)
    renamed = dict(buckets)
    for call in calls:
        bucket = str(call.parameters.get("Bucket"))
        if own and CHECKS_BUCKET.fullmatch(bucket):
            renamed[bucket] = own
    needs = (
        need
        for call in calls
        if call.error is None
        for need in find_needs(call.service, call.operation, call.parameters)
    )
    moved = dict.fromkeys(Need(need.action, place.move(need.resource, renamed)) for need in needs)
    missed = sum(check.status is not Status.PASSED for check in result.checks)
    return Observation(tuple(moved), missed, len(result.checks))
