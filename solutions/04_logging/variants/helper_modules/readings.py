import io
import json
import os
import re
from collections import namedtuple
from datetime import UTC, datetime

import boto3

Reading = namedtuple("Reading", "station time pm25")


class Refused(ValueError):
    pass


def check(found):
    try:
        station, time, pm25 = (found[name] for name in Reading._fields)
        time = datetime.fromisoformat(time)
        if re.fullmatch(r"[a-z0-9-]+", station) and time.tzinfo and type(pm25) in (int, float) and pm25 >= 0:
            return Reading(station, time.astimezone(UTC), pm25)
    except (KeyError, TypeError, ValueError):
        pass
    raise Refused(f"refused {found}")


def store(reading):
    key = reading.time.strftime(f"readings/{reading.station}/%Y-%m-%d/%H%M%SZ.json")
    body = json.dumps(reading._asdict(), default=datetime.isoformat).encode()
    s3 = boto3.client("s3")
    s3.upload_fileobj(io.BytesIO(body), os.environ["BUCKET_NAME"], key, ExtraArgs={"ContentType": "application/json"})
    return key
