"""A bucket that the function writes into."""

from dataclasses import dataclass
from typing import Any

from workbook.deploy.aws.account import Account
from workbook.deploy.aws.resource import Found, Resource, read_mark
from workbook.deploy.aws.trouble import Kind, Trouble


@dataclass(frozen=True)
class Bucket(Resource):
    """`variable` is the function's variable that names the bucket, if there is one. Its objects are never removed."""

    kind = "bucket"
    is_shared = True

    variable: str | None = None

    def find(self, account: Account) -> Found | None:
        try:
            if account.find("s3", "head_bucket", Bucket=self.name) is None:
                return None
            tags = account.find("s3", "get_bucket_tagging", Bucket=self.name) or {"TagSet": []}
            mark = read_mark(tags["TagSet"])
            is_used = mark and account.call("s3", "list_objects_v2", Bucket=self.name, MaxKeys=1).get("KeyCount")
        except Trouble as trouble:
            if trouble.kind is Kind.DENIED or trouble.code in ("301", "PermanentRedirect"):
                return Found(None, {"is_foreign": True})
            raise
        return Found(mark, {"is_used": bool(is_used)})

    def compare(self, found: Found) -> tuple[str, ...]:
        return ()

    def object_to(self, found: Found) -> str | None:
        if not found.facts.get("is_foreign"):
            return None
        cure = f": --env {self.variable}=NAME" if self.variable else " in lab.toml"
        return (
            "belongs to another account or region, or is closed to your user: bucket names are shared by all of AWS. "
            f"Choose a name of your own{cure}"
        )

    def hinder_removal(self, found: Found) -> str | None:
        if not found.facts.get("is_used"):
            return None
        again = f" --env {self.variable}={self.name}" if self.variable else ""
        return (
            "holds objects, and they are yours: it is not deleted. Empty it (console: S3, the bucket, Empty), then run "
            f"the removal again{again and ' with' + again}"
        )

    def create(self, account: Account) -> None:
        region = account.place.region
        place: dict[str, Any] = (
            {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        )
        account.call("s3", "create_bucket", Bucket=self.name, **place)
        account.call("s3", "put_bucket_tagging", Bucket=self.name, Tagging={"TagSet": self.tag_list})

    def update(self, account: Account, found: Found) -> None:
        """There is nothing to change: a bucket is there or not."""

    def remove(self, account: Account, found: Found) -> None:
        account.find("s3", "delete_bucket", Bucket=self.name)
