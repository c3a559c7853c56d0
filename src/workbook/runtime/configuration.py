"""What one sets in the console for a function, held to AWS's rules."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from workbook.runtime import variables

NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
HANDLER = re.compile(r"[^\s\0]{1,128}")
RUNTIME = re.compile(r"python3\.\d+")


@dataclass(frozen=True)
class Configuration:
    """What one sets in the console. `timeout` in seconds (up to 900), `memory` in MB (128–10,240).

    Raises ValueError for what Lambda refuses. A timeout may be a fraction here, so that waiting for one is short.
    """

    handler: str = "lambda_function.lambda_handler"
    name: str = "function"
    runtime: str = "python3.13"
    timeout: float = 3
    memory: int = 128
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no function name for Lambda: up to 64 letters, digits, - or _.")
        if not HANDLER.fullmatch(self.handler):
            raise ValueError(f"{self.handler!r} is no handler for Lambda: up to 128 characters without spaces.")
        if not RUNTIME.fullmatch(self.runtime):
            raise ValueError(f"{self.runtime!r} is no Python runtime of Lambda: it is written as python3.13.")
        if not 0 < self.timeout <= 900:
            raise ValueError(f"A timeout of {self.timeout} seconds is outside Lambda's 1 to 900.")
        if not 128 <= self.memory <= 10_240:
            raise ValueError(f"A memory of {self.memory} MB is outside Lambda's 128 to 10,240.")
        variables.check_own(self.environment)
