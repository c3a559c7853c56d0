"""A boto3 session that knows nothing of the user's environment, configuration or credentials."""

import functools
import os
from typing import Any

import boto3
import botocore.session
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES

REGION = "us-east-1"


@functools.cache
def isolated_session() -> Any:
    """Dummy credentials, region us-east-1; reads no `AWS_...` variable, no profile and no file of the user's.

    One for the process, since botocore takes long to make one.
    """
    deaf = {
        name: (None, None, default, convert)
        for name, (_, _, default, convert) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()
    }
    nowhere = (None, None, os.devnull, None)
    session = botocore.session.Session(session_vars=deaf | {"config_file": nowhere, "credentials_file": nowhere})
    return boto3.Session(
        botocore_session=session,
        aws_access_key_id="AKIAWORKBOOKBENCH000",
        aws_secret_access_key="bench",
        region_name=REGION,
    )
