"""The function's door: what a function may ask of the cloud, and the record of what it asked."""

from collections.abc import Collection

from workbook.cloud.backends import SERVICES, Backends, environ
from workbook.cloud.calls import Call, Journal
from workbook.cloud.door import Request, Response
from workbook.cloud.gate import Gate
from workbook.cloud.permissions import Need, Policy, find_copied, find_needs
from workbook.cloud.wire import Asked, Refusal, access_denied, as_boto3, error_code, glance, read, scope, write

MAX_CALLS = 10_000
MAX_BYTES = 256 * 1024 * 1024


class Gateway:
    """Lets a function's calls through to the backends.

    The service is the one that the request is signed for; only `services` pass, and each passes straight to
    its own backend: the address and the Host header choose nothing, so neither moto's admin API nor its
    instance metadata is behind this door. Where a policy is given, it is enforced as an execution role's. A
    call while the gate is closed is answered 503 and not recorded, since a frozen function makes none. After
    MAX_CALLS or MAX_BYTES (copies in S3 count) since the last reset all are refused.
    """

    def __init__(
        self,
        backends: Backends,
        services: Collection[str],
        gate: Gate,
        policy: Policy | None,
        role: str,
        broken: list[str],
    ) -> None:
        self.services = frozenset(services)
        self.policy, self._role = policy, role
        self.journal = Journal()
        self._backends = backends
        self._gate = gate
        self._broken = broken

    def answer(self, request: Request, address: str) -> Response:
        whom = scope(request)
        service = whom.service if whom else "s3"
        if not self._gate.is_open:
            frozen = Refusal("ServiceUnavailable", "The function is frozen: it is not handling an event.", 503)
            return write(frozen, service, request)
        journal = self.journal
        count, size = journal.weight
        if count >= MAX_CALLS or size + len(request.body) > MAX_BYTES:
            return write(Refusal("SlowDown", "The function has made too many calls.", 503), service, request)
        place = journal.arrive(len(request.body))
        said = environ(request, address)
        asked = read(service, request, said) if service in SERVICES else glance(service, request)
        if whom is None:
            response = write(access_denied(asked, request, ""), service, request)
        elif refused := self._find_refused(asked):
            response = self._deny(asked, request, refused)
        else:
            if copied := find_copied(asked.parameters):
                journal.weigh(self._backends.size_of(*copied))
            response = self._backends.serve(asked, request, said, self._broken)
            if unlisted := self._find_unlisted(asked, response):
                response = self._deny(asked, request, unlisted)
        journal.settle(place, _record(asked, request, response))
        return response

    def _deny(self, asked: Asked, request: Request, need: Need) -> Response:
        denied = self.policy is not None and self.policy.denies(need)
        return write(access_denied(asked, request, self._role, need, denied=denied), asked.service, request)

    def _find_refused(self, asked: Asked) -> Need | None:
        """The first need of the call that is not granted: by `services`, and by the policy where there is one."""
        needs = find_needs(asked.service, asked.operation, asked.parameters)
        if asked.service not in self.services:
            return needs[0]
        policy = self.policy
        if policy is None or asked.operation == "GetCallerIdentity":  # always allowed
            return None
        return next((need for need in needs if not policy.allows(need)), None)

    def _find_unlisted(self, asked: Asked, response: Response) -> Need | None:
        """s3:ListBucket, when a missing object was asked for and it is not granted: whether an object is there is
        then a secret too (Amazon S3 API Reference, GetObject, "Permissions")."""
        if response.status != 404 or asked.operation not in ("GetObject", "HeadObject") or self.policy is None:
            return None
        need = Need("s3:ListBucket", f"arn:aws:s3:::{asked.parameters.get('Bucket')}")
        return None if b"NoSuchBucket" in response.body or self.policy.allows(need) else need


def _record(asked: Asked, request: Request, response: Response) -> Call:
    return Call(
        service=asked.service,
        operation=asked.operation,
        parameters=as_boto3(asked),
        status=response.status,
        error=error_code(asked, request, response),
    )
