"""One return per outcome, the fault code asked for first, the answer written out each time."""

import json


class SensorError(RuntimeError):
    def __init__(self, station):
        super().__init__(f"{station}: fault code -999")


def lambda_handler(event, context):
    if type(event) is not dict:
        return {"statusCode": 400, "body": json.dumps({"problems": ["event"]})}

    station = event.get("station")
    pm25 = event.get("pm25")
    problems = set()
    if type(station) is not str or len(station) == 0:
        problems.add("station")
    elif pm25 == -999:
        raise SensorError(station)
    if type(pm25) not in (int, float) or pm25 < 0:
        problems.add("pm25")
    if problems:
        return {"statusCode": 400, "body": json.dumps({"problems": sorted(problems), "message": "Nothing was judged."})}

    if pm25 >= 35:
        level = "high"
    elif pm25 >= 12:
        level = "moderate"
    else:
        level = "good"
    result = {"request_id": context.aws_request_id, "level": level, "unit": "µg/m³"}
    return {"statusCode": 200, "body": json.dumps({**event, **result}, ensure_ascii=False, indent=2)}
