"""Execution environments that are kept: a function that would start as an earlier one did gets what that one left.

What its code keeps between events is then there again, as in a warm Lambda, although its first invocation is told as
a cold start, with the init phase that it had. So it is for suites alone of which `lab prove --reuse` has shown that no
verdict changes.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from workbook.runtime.api import Event
from workbook.runtime.launch import Environment, Launch, Launcher
from workbook.runtime.outcome import Outcome

OWN = {"AWS_LAMBDA_LOG_STREAM_NAME"}  # variables in which two functions of the same settings differ


class KeepingLauncher:
    """Opens environments by another launcher, and keeps those that are closed alive. `used_again` counts how often one
    was."""

    def __init__(self, launcher: Launcher) -> None:
        self._launcher = launcher
        self._kept: dict[object, list[KeptEnvironment]] = {}
        self.used_again = 0

    def open(
        self, prepare: Callable[[str, Path], Launch], *, memory_mb: int, on_answer: Callable[[], None]
    ) -> Environment:
        key = (memory_mb, *_settings(prepare("", Path())))
        kept = self._kept.setdefault(key, [])
        while kept:
            environment = kept.pop()
            if environment.alive:
                self.used_again += 1
                environment.begin_again()
                return environment
            environment.end()
        return KeptEnvironment(self._launcher.open(prepare, memory_mb=memory_mb, on_answer=on_answer), kept)

    def forget(self) -> None:
        """End those that are kept: what is opened next is fresh."""
        for kept in self._kept.values():
            while kept:
                kept.pop().end()


class KeptEnvironment:
    """An environment that goes to the others that are `kept` when it is closed alive."""

    def __init__(self, environment: Environment, kept: "list[KeptEnvironment]") -> None:
        self._environment, self._kept = environment, kept
        self._init_log = b""
        self._tells_init = False

    @property
    def alive(self) -> bool:
        return self._environment.alive

    def invoke(self, event: Event, timeout: float, cutoff: float | None = None) -> Outcome:
        outcome = self._environment.invoke(event, timeout, cutoff)
        self._init_log = outcome.init_log or self._init_log
        if self._tells_init:
            self._tells_init = False
            return replace(outcome, init_log=self._init_log)
        return outcome

    def begin_again(self) -> None:
        """Its next event is told as the first after its init phase."""
        self._tells_init = True

    def close(self) -> None:
        if self.alive:
            self._kept.append(self)
        else:
            self.end()

    def end(self) -> None:
        self._environment.close()


def _settings(launch: Launch) -> tuple[object, ...]:
    """What two launches have to have in common."""
    variables = {name: value for name, value in launch.variables.items() if name not in OWN}
    return (
        launch.handler,
        launch.task_root,
        tuple(launch.layers),
        tuple(variables.items()),
        launch.client,
        frozenset(launch.entrances),
    )
