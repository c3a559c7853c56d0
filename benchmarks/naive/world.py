"""One check's world in one process: a fresh mock of S3, and a fresh import of what was submitted."""

import importlib
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import boto3
from moto import mock_aws


class World:
    """For the submission in the current folder. `bucket` is empty, and the one that BUCKET_NAME names; `s3` is a
    client of the same mock."""

    bucket = "readings-0a1b2c3d"

    def __enter__(self):
        self._environment = mock.patch.dict(
            os.environ, AWS_REGION="us-east-1", AWS_DEFAULT_REGION="us-east-1", BUCKET_NAME=self.bucket
        )
        self._environment.start()
        self._folder = Path.cwd()
        sys.path.insert(0, str(self._folder))
        self._mock = mock_aws()
        self._mock.start()
        self.s3 = boto3.client("s3")
        for name in ("workbook-readings", self.bucket):  # the lab's own bucket is there too, as in its manifest
            self.s3.create_bucket(Bucket=name)
        return self

    def __exit__(self, *_):
        for name, module in list(sys.modules.items()):
            if (getattr(module, "__file__", None) or "").startswith(f"{self._folder}{os.sep}"):
                del sys.modules[name]
        sys.path.remove(str(self._folder))
        self._mock.stop()
        self._environment.stop()

    def invoke(self, event):
        """What the handler returns; what it raises is raised."""
        context = SimpleNamespace(function_name="harbour-collector", aws_request_id="0a1b2c3d")
        return importlib.import_module("lambda_function").lambda_handler(event, context)
