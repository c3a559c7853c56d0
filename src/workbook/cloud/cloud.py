"""The local AWS of one process."""

import os
import socket
from collections.abc import Callable, Collection, Mapping, Sequence
from types import TracebackType
from typing import Any, ClassVar, Self

from workbook.cloud.backends import SERVICES, Backends
from workbook.cloud.calls import Call, Journal
from workbook.cloud.door import MAX_CONNECTIONS, Door
from workbook.cloud.gate import Gate
from workbook.cloud.gateway import Gateway
from workbook.cloud.line import Line
from workbook.cloud.permissions import ACCOUNT, Policy


class Cloud:
    """A local AWS: account 123456789012, region us-east-1, on 127.0.0.1 only.

    services: boto3's names of those that the function may reach, each one of `backends.SERVICES`; the others
    answer AccessDenied. buckets: made at the start and again by each reset. objects: what lies in them then, a
    text by BUCKET/KEY. validate_schedule: takes an
    expression and `rules` or `scheduler`, and gives None if AWS takes it, else why not. policy: the execution
    role's, enforced on the function's door; refusals name the role of `function_name`. function_listener: a
    listening socket for the function's door, which the cloud then owns.

    moto keeps its state per process, so a process has one cloud at a time: a second one raises RuntimeError.
    ValueError: a service that the local cloud does not have, or a bucket's name that S3 does not take.
    """

    _open_in: ClassVar[int | None] = None  # the id of the process: a fork inherits the name, not the doors
    _bench_line, _role_line = Line(), Line()
    _port: ClassVar[int] = 0  # that the last one's function knew: clients made for it still fit

    def __init__(
        self,
        *,
        services: Collection[str] = (),
        buckets: Sequence[str] = (),
        objects: Mapping[str, str] | None = None,
        validate_schedule: Callable[[str, str], str | None] | None = None,
        policy: Policy | None = None,
        function_name: str = "function",
        function_listener: socket.socket | None = None,
    ) -> None:
        if unknown := sorted(set(services) - SERVICES):
            raise ValueError(
                f"The local cloud has no service {', '.join(map(repr, unknown))}. It has {', '.join(sorted(SERVICES))}."
            )
        if Cloud._open_in == os.getpid():
            raise RuntimeError(
                "This process has a local cloud already, and they would share their state: close it first."
            )
        self._closed = False
        self.gate = Gate()
        self._buckets, self._objects = tuple(buckets), dict(objects or {})
        self._backends = Backends(validate_schedule)
        role = f"arn:aws:sts::{ACCOUNT}:assumed-role/{function_name}-role/{function_name}"
        self._gateway = Gateway(self._backends, services, self.gate, policy, role, self._backends.breakdowns)
        never_frozen = Gate()
        never_frozen.open()
        self._role_gateway = Gateway(self._backends, services, never_frozen, policy, role, self._backends.faults)
        self._backends.reset(self._buckets, self._objects)
        self._bench_line.answer = self._backends.guarded(self._backends.answer, self._backends.faults)
        self._role_line.answer = self._backends.guarded(self._role_gateway.answer, self._backends.faults)
        at_function = self._backends.guarded(self._gateway.answer, self._backends.breakdowns)
        self._function = Door(at_function, function_listener or self._listen())
        self._bench: Door | None = None
        Cloud._open_in = os.getpid()

    @classmethod
    def _listen(cls) -> socket.socket:
        try:
            listener = socket.create_server(("127.0.0.1", cls._port), backlog=MAX_CONNECTIONS)
        except OSError:
            listener = socket.create_server(("127.0.0.1", 0), backlog=MAX_CONNECTIONS)
        cls._port = listener.getsockname()[1]
        return listener

    @property
    def bench_endpoint(self) -> str:
        """Where everything is allowed and nothing recorded, for the bench alone: `http://127.0.0.1:PORT`."""
        if self._bench is None:
            assert self._bench_line.answer
            self._bench = Door(self._bench_line.answer)
        return f"http://{self._bench.address}"

    @property
    def function_endpoint(self) -> str:
        """Where the function finds AWS, for its AWS_ENDPOINT_URL."""
        return f"http://{self._function.address}"

    @property
    def entrances(self) -> dict[int, Callable[[socket.socket], None]]:
        """By the port of the function's door: what answers on a connection to it that was accepted elsewhere."""
        return {int(self._function.address.rpartition(":")[2]): self._function.take}

    @property
    def calls(self) -> list[Call]:
        """What the function did since the last reset, in order of arrival: each call that has been answered."""
        return self._gateway.journal.calls

    @property
    def faults(self) -> list[str]:
        """What broke inside the cloud at a call of the bench since the last reset, with tracebacks.

        Their text may hold what a function sent. A request that boto3 would not have made is no fault.
        """
        return list(self._backends.faults)

    @property
    def breakdowns(self) -> list[str]:
        """The same for calls of the function, which got an InternalError: AWS may have answered them."""
        return list(self._backends.breakdowns)

    def make_bucket(self, name: str) -> None:
        """An empty bucket in us-east-1, until the next reset. ValueError: S3 does not take the name."""
        self._backends.make_bucket(name)

    def client(self, service: str) -> Any:
        """A boto3 client with full rights, independent of the user's environment and configuration files."""
        return self._bench_line.client(service)

    def role_client(self, service: str) -> Any:
        """A boto3 client with the rights of the function's execution role: its services, under its policy.

        It may call at any time, and its calls are not recorded: the function did not make them.
        """
        return self._role_line.client(service)

    @property
    def policy(self) -> Policy | None:
        """The execution role's policy; None allows everything in the services. May be exchanged at any time."""
        return self._gateway.policy

    @policy.setter
    def policy(self, policy: Policy | None) -> None:
        self._gateway.policy = self._role_gateway.policy = policy

    def reset(self) -> None:
        """Forgets all state, calls and faults, and makes buckets and objects again. Gate and policy stay as they are.

        Waits for calls that are still running; TimeoutError after 30 s.
        """
        self._backends.reset(self._buckets, self._objects)
        self._gateway.journal, self._role_gateway.journal = Journal(), Journal()

    def close(self) -> None:
        """Ends the doors with their threads and sockets. A second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self.gate.close()
        self._function.close()
        if self._bench:
            self._bench.close()
        self._bench_line.answer = self._role_line.answer = None
        Cloud._open_in = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
