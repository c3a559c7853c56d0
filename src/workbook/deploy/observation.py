"""What a function was seen to need: the permissions behind the calls that it made in its lab's suite."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.cloud.permissions import Need, find_needs
from workbook.course.labs import Lab
from workbook.deploy.aws.place import Place

if TYPE_CHECKING:
    from workbook.cloud import Call

CHECKS_BUCKET = re.compile(r"readings-[0-9a-f]{8}")  # the fixture `bucket` makes one for each check


class Unobserved(RuntimeError):
    """The suite could not be run on the code; the text says why."""


def observe(lab: Lab, source: Path, place: Place, buckets: Mapping[str, str]) -> tuple[Need, ...]:
    """Runs the lab's suite on the code in `source`, here, and gives what its successful calls ask of a policy, each
    once, in the words of `place`. `buckets` gives the manifest's buckets their names there. Raises Unobserved."""
    from workbook.bench import Bench, BenchError
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
    return tuple(dict.fromkeys(Need(need.action, place.move(need.resource, renamed)) for need in needs))
