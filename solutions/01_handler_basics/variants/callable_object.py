"""The handler as an object that can be called; it lives outside, and keeps nothing of an event."""

from json import dumps
from numbers import Real


class SensorError(OSError):
    """Fault code from a station."""


class Judge:
    def __init__(self, fault, limits):
        self.fault = fault
        self.limits = limits

    def __call__(self, event, context, /):
        problems = [*self.problems(event)]
        if problems:
            return {"body": dumps({"problems": problems}), "statusCode": 400, "isBase64Encoded": False}
        if event["pm25"] == self.fault:
            raise SensorError("sensor fault at " + event["station"])
        body = {key: event[key] for key in ("station", "pm25")}
        body["level"] = max((limit, level) for limit, level in self.limits.items() if event["pm25"] >= limit)[1]
        body["request_id"] = context.aws_request_id
        return {"body": dumps(body), "statusCode": 200, "isBase64Encoded": False}

    def problems(self, event):
        if not hasattr(event, "keys"):
            yield "event"
            return
        pm25 = event.get("pm25")
        if type(pm25) is bool or not isinstance(pm25, Real) or self.fault != pm25 < 0:
            yield "pm25"
        if not isinstance(event.get("station"), str) or event["station"] == "":
            yield "station"


lambda_handler = Judge(fault=-999, limits={0: "good", 12: "moderate", 35: "high"})
