"""The trusted side of one lab: its cloud, its HTTP API and its function, wired as the manifest says.

Checks, `lab invoke`, scripts and notebooks all stand on the same bench, so what works in one works in the others.
"""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.course.labs import Lab
from workbook.runtime import Code, Configuration, Function, Invocation, Platform, Stage
from workbook.runtime.code import InPlace
from workbook.runtime.launch import Entrance, Launcher
from workbook.runtime.launchers.fork import make_launcher
from workbook.runtime.launchers.keeping import KeepingLauncher

if TYPE_CHECKING:
    from workbook.cloud import Call, Cloud, HttpApi
    from workbook.cloud.permissions import Policy


class BenchError(RuntimeError):
    """The bench itself cannot do its work; no fault of the function."""


def seconds_of(invocation: Invocation) -> float:
    """What an invocation takes of its submission's budget: its own time, with the init phase."""
    return (invocation.duration_ms + (invocation.init_ms or 0.0)) / 1000


class Bench:
    """One lab's world for one code under judgement. Use it as a context manager, or call `close`.

    `code` is a folder, a .py file or a zip; without it the lab's own folder is taken. With `in_place`, a folder is
    run where it is. With `reuse`, functions of the same settings share an execution environment, one after the other.
    Raises CodeError when the code cannot be taken in.
    """

    def __init__(
        self,
        lab: Lab,
        code: Path | Code | None = None,
        *,
        launcher: Launcher | None = None,
        in_place: bool = False,
        reuse: bool = False,
    ) -> None:
        self.lab = lab
        self.manifest = lab.manifest
        if not isinstance(code, Code):
            code = Code.open(code or lab.folder, files=self.manifest.files)
        self.stage = InPlace(code) if in_place and code.path.is_dir() else Stage(code)
        self._launcher = launcher or make_launcher(self.manifest.function.services)
        self._keeping = KeepingLauncher(self._launcher) if reuse else None
        self._shared_bucket = name_bucket()
        self._functions: list[Function] = []
        self.budget_left: float | None = None  # seconds; None: as much as it takes
        self._own_calls: list[Call] = []
        self._calls_seen = 0
        self._is_attached = False

    @cached_property
    def cloud(self) -> "Cloud":
        from workbook.cloud import Cloud
        from workbook.deploy import schedule

        return Cloud(
            services=self.manifest.function.services,
            buckets=self.manifest.buckets,
            objects=self.manifest.objects,
            validate_schedule=schedule.check,
            policy=self._granted[0],
            function_name=self.manifest.function.name,
        )

    @cached_property
    def http_api(self) -> "HttpApi":
        from workbook.cloud import HttpApi

        return HttpApi(self._api_responses())

    @property
    def environment(self) -> dict[str, str]:
        """The function's variables: the manifest's, and API_URL where the manifest scripts an API."""
        found = dict(self.manifest.function.environment)
        if self.manifest.api_responses:
            found["API_URL"] = self.http_api.url
        return found

    def function(
        self,
        environment: Mapping[str, str | None] | None = None,
        *,
        code: Code | None = None,
        observe: Callable[[Invocation], None] = lambda _: None,
    ) -> Function:
        """The lab's function, cold, with `environment` laid over its variables (None unsets one); `code` is
        other code than the one under judgement."""
        settings = self.manifest.function
        own = {**self.environment, **(environment or {})}

        def charge(invocation: Invocation) -> None:
            self._charge(invocation)
            self._note_calls(invocation)
            observe(invocation)

        function = Function(
            self.stage if code is None else code,
            Configuration(
                handler=settings.handler,
                name=settings.name,
                runtime=settings.runtime,
                timeout=settings.timeout,
                memory=settings.memory,
                environment={key: value for key, value in own.items() if value is not None},
            ),
            layers=self._layers,
            platform=Platform(
                launcher=self._keeping or self._launcher,
                endpoint=self.cloud.function_endpoint,
                gate=self.cloud.gate,
                cutoff=None if self.budget_left is None else time.monotonic() + self.budget_left,
                observe=charge,
                entrances=self._entrances,
            ),
        )
        self._functions.append(function)
        return function

    def _entrances(self) -> dict[int, Entrance]:
        return self.cloud.entrances | (self.http_api.entrances if "http_api" in self.__dict__ else {})

    def make_bucket(self) -> str:
        """The name of a new, empty bucket; always the same where functions share an environment."""
        name = self._shared_bucket if self._keeping else name_bucket()
        self.cloud.make_bucket(name)
        return name

    @property
    def used_again(self) -> int:
        """How often a function has begun in an environment that another one had used."""
        return self._keeping.used_again if self._keeping else 0

    def forget_environments(self) -> None:
        """Let the functions that come next begin afresh."""
        if self._keeping:
            self._keeping.forget()

    def deploy(self) -> None:
        """Puts the lab's function into the local Lambda, for calls about it such as AddPermission: its name and a role,
        no code that would run."""
        name = self.manifest.function.name
        role = self.cloud.client("iam").create_role(RoleName=f"{name}-role", AssumeRolePolicyDocument="{}")["Role"]
        self.cloud.client("lambda").create_function(
            FunctionName=name,
            Runtime=self.manifest.function.runtime,
            Role=role["Arn"],
            Handler=self.manifest.function.handler,
            Code={"ZipFile": b"PK\x05\x06" + bytes(18)},
        )

    def take(self, code: Code) -> None:
        """Judge this code from now on, in a world as at first and with a budget of its own; what is warm stays so.

        Raises CodeError, and then the code is still the one before.
        """
        stage = Stage(code)
        self.reset()
        self.forget_environments()
        self.stage.close()
        self.stage = stage
        self.__dict__.pop("_granted", None)
        if "cloud" in self.__dict__:
            self.cloud.policy = self._granted[0]
        if self.budget_left is not None:
            self.budget_left = self.manifest.budget

    def limit_time(self) -> None:
        """From now on all invocations together may take the manifest's budget of seconds; what the bench itself
        takes is not counted, so that a slow machine costs nobody a mark."""
        if self.budget_left is None:
            self.budget_left = self.manifest.budget

    def spend_budget(self) -> None:
        """Nothing may run any more."""
        self.budget_left = 0.0

    @property
    def budget_is_spent(self) -> bool:
        return self.budget_left is not None and self.budget_left <= 0

    def _charge(self, invocation: Invocation) -> None:
        if self.budget_left is not None:
            self.budget_left -= seconds_of(invocation)

    @property
    def calls(self) -> "list[Call]":
        """The function's calls to AWS since the last reset."""
        return self.cloud.calls if "cloud" in self.__dict__ else []

    @property
    def own_calls(self) -> "list[Call]":
        """The calls since the last reset that the manifest's handler made under its role's own policy: those before
        `attach`. Another handler stands for another function, with a role of its own."""
        return self._own_calls

    def _note_calls(self, invocation: Invocation) -> None:
        seen, self._calls_seen = self._calls_seen, len(self.calls)
        if invocation.handler == self.manifest.function.handler and not self._is_attached:
            self._own_calls += self.calls[seen:]

    @property
    def faults(self) -> list[str]:
        """What broke inside the local cloud since the last reset, at the bench's own calls."""
        return self.cloud.faults if "cloud" in self.__dict__ else []

    @property
    def breakdowns(self) -> list[str]:
        """What broke inside the local cloud since the last reset, at the function's calls."""
        return self.cloud.breakdowns if "cloud" in self.__dict__ else []

    @property
    def policy_fault(self) -> str | None:
        """Why AWS would not take the execution role's policy; None when it would, or the manifest names none."""
        return self._granted[1]

    def attach(self, document: object) -> None:
        """Until the next reset, the execution role has this policy alone, and not its own. Raises PolicyError."""
        from workbook.cloud.permissions import Policy

        self.cloud.policy = Policy(document)
        self._is_attached = True

    def reset(self) -> None:
        """The world as it was at first: functions ended, cloud and API fresh. Raises TimeoutError when the cloud is
        still busy with what the function asked."""
        for function in self._functions:
            function.close()
        self._functions.clear()
        self._own_calls, self._calls_seen, self._is_attached = [], 0, False
        if "cloud" in self.__dict__:
            self.cloud.reset()
            self.cloud.policy = self._granted[0]
        if "http_api" in self.__dict__:
            self.http_api.reset()

    def close(self) -> None:
        for function in self._functions:
            function.close()
        self.forget_environments()
        if "cloud" in self.__dict__:
            self.cloud.close()
        if "http_api" in self.__dict__:
            self.http_api.close()
        self.stage.close()

    def __enter__(self) -> "Bench":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def _layers(self) -> tuple[Path, ...]:
        return install_layers(self.lab)

    @cached_property
    def _granted(self) -> "tuple[Policy | None, str | None]":
        """The execution role's policy that the manifest names, as the code under judgement has it; and, if AWS
        would not take it, why: it then grants nothing."""
        from workbook.cloud.permissions import GRANTS_NOTHING, Policy, PolicyError

        name = self.manifest.function.policy
        if name is None:
            return None, None
        try:
            return Policy.read(self.stage.code[name]), None
        except KeyError:
            return GRANTS_NOTHING, f"There is no {name} beside the code."
        except PolicyError as error:
            return GRANTS_NOTHING, f"{name}: {error}"

    def _api_responses(self) -> Mapping[str, object] | None:
        name = self.manifest.api_responses
        if not name:
            return None
        path = self.lab.folder / name
        try:
            responses: Mapping[str, object] = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise BenchError(f"{path} cannot be read as JSON: {error}") from error
        return responses


def name_bucket() -> str:
    return f"readings-{secrets.token_hex(4)}"


def install_layers(lab: Lab) -> tuple[Path, ...]:
    """The folders of what the lab's lock names, installed when they are not there yet. Raises RequirementsMissing."""
    requirements = lab.manifest.function.requirements
    lock = lab.folder / requirements if requirements else None
    if lock is None or not (lock := lock.with_suffix(".lock")).is_file():
        return ()
    from workbook.runtime.requirements import install

    kept = lab.root / ".workbook"
    return (install(lock, kept / "wheels", kept / "layers"),)
