"""A reading's values, looked at one by one."""


class SensorError(Exception):
    """The sensor of the station that it names is broken."""


def find_problems(event):
    if not isinstance(event, dict):
        return ["event"]
    problems = []
    pm25 = event.get("pm25")
    if isinstance(pm25, bool) or not isinstance(pm25, (int, float)) or pm25 < 0:
        problems.append("pm25")
    if not isinstance(event.get("station"), str) or not event["station"]:
        problems.append("station")
    return problems


def has_fault(event):
    return isinstance(event, dict) and event.get("pm25") == -999 and find_problems(event) == ["pm25"]


def level_of(pm25):
    return "good" if pm25 < 12 else "moderate" if pm25 < 35 else "high"
