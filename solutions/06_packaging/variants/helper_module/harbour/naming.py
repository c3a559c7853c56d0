"""From what people call a station to its identifier."""

import slugify


def name_station(event):
    """Raises ValueError when there is no name in the event."""
    try:
        station = slugify.slugify(event["name"] + "")
    except (KeyError, TypeError):
        station = ""
    if not station:
        raise ValueError("no name")
    return station
