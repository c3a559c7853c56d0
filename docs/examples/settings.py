"""Settings from environment variables: texts, a default, a number, and an error that names the variable."""

# --8<-- [start:read]
import os


def lambda_handler(event, context):
    harbour = os.environ.get("HARBOUR")  # None when it is not set
    language = os.environ.get("LANGUAGE", "en")  # "en" when it is not set
    metres = alarm_level()
    return {"harbour": harbour, "language": language, "alarm_at": metres}


# --8<-- [end:read]


# --8<-- [start:convert]
class ConfigurationError(Exception):
    """A variable is missing or wrong; the message names it."""


def alarm_level():
    text = os.environ.get("ALARM_LEVEL", "").strip()
    try:
        return float(text)
    except ValueError:
        raise ConfigurationError(f"ALARM_LEVEL must be a number of metres, not {text!r}") from None


# --8<-- [end:convert]
