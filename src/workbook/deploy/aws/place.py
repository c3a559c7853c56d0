"""Where in AWS something is: the account, the region and the partition."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbook.cloud.permissions import ACCOUNT, REGION

_GLOBAL = {"iam", "s3"}


@dataclass(frozen=True)
class Place:
    """`account` is the account's twelve digits; `partition` is `aws` but for China and the government's regions."""

    account: str
    region: str
    partition: str = "aws"

    def arn(self, service: str, resource: str) -> str:
        """The ARN of something here: `arn("lambda", "function:harbour-collector")`."""
        region = "" if service in _GLOBAL else self.region
        account = "" if service == "s3" else self.account
        return f"arn:{self.partition}:{service}:{region}:{account}:{resource}"

    def move(self, value: Any, buckets: Mapping[str, str]) -> Any:
        """The value with every ARN in it moved here from the course's own account and region, at any depth.
        `buckets` gives the course's buckets their names here, since those are shared by all of AWS."""
        if isinstance(value, Mapping):
            return {key: self.move(item, buckets) for key, item in value.items()}
        if isinstance(value, list):
            return [self.move(item, buckets) for item in value]
        if isinstance(value, str) and value.startswith("arn:") and value.count(":") >= 5:
            return self._move_arn(value, buckets)
        return value

    def _move_arn(self, arn: str, buckets: Mapping[str, str]) -> str:
        _, _, service, region, account, resource = arn.split(":", 5)
        if service == "s3":
            bucket, slash, key = resource.partition("/")
            resource = f"{buckets.get(bucket, bucket)}{slash}{key}"
        region = self.region if region == REGION else region
        account = self.account if account == ACCOUNT else account
        return f"arn:{self.partition}:{service}:{region}:{account}:{resource}"
