"""An AWS account as the user's own settings open it: every call to AWS goes through here."""

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from workbook.deploy.aws.place import Place
from workbook.deploy.aws.trouble import Kind, Trouble, explain

TAG = "workbook"
ABSENT = {"404", "NoSuchBucket", "NoSuchEntity", "NoSuchTagSet", "ResourceNotFoundException"}
PAUSE = 2.0  # seconds
ROLE_TRIES = 15  # IAM tells the rest of AWS of a new role within some ten seconds
STATE_TRIES = 60
AMAZON = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")


class Account:
    """An account and region. `client` gives a boto3 client by its service's name. Every failure is a Trouble."""

    def __init__(
        self,
        client: Callable[[str], Any],
        place: Place,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.place = place
        self._make, self._clients = client, dict[str, Any]()
        self._sleep = sleep

    def call(self, service: str, operation: str, *, hidden: tuple[str, ...] = (), **parameters: Any) -> dict[str, Any]:
        """What boto3's `operation` answers. `hidden` are texts that no failure's words may hold. Raises Trouble."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            answer: dict[str, Any] = getattr(self._client(service), operation)(**parameters)
        except (BotoCoreError, ClientError) as error:
            raise explain(error, service, hidden) from None
        return answer

    def find(self, service: str, operation: str, **parameters: Any) -> dict[str, Any] | None:
        """The same; None when AWS knows no such thing."""
        try:
            return self.call(service, operation, **parameters)
        except Trouble as trouble:
            if trouble.code in ABSENT:
                return None
            raise

    def list(self, service: str, operation: str, key: str, **parameters: Any) -> Iterator[Any]:
        """Everything that the answer holds under `key`, page after page. Raises Trouble."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            for page in self._client(service).get_paginator(operation).paginate(**parameters):
                yield from page.get(key, [])
        except (BotoCoreError, ClientError) as error:
            raise explain(error, service) from None

    def persist(self, action: Callable[[], object]) -> None:
        """Does `action` again while AWS says that a role cannot be assumed: a new one is not known everywhere yet."""
        for _ in range(ROLE_TRIES):
            try:
                action()
                return
            except Trouble as trouble:
                if trouble.kind is not Kind.REFUSED or "assume" not in str(trouble):
                    raise
            self._sleep(PAUSE)
        action()

    def wait(self, is_ready: Callable[[], bool], otherwise: str) -> None:
        """Asks until it is ready; the Trouble `otherwise` when patience ends."""
        for _ in range(STATE_TRIES):
            if is_ready():
                return
            self._sleep(PAUSE)
        raise Trouble(otherwise)

    @property
    def endpoint(self) -> str:
        """Lambda's address, as boto3 has it."""
        return str(self._client("lambda").meta.endpoint_url)

    @property
    def is_at_amazon(self) -> bool:
        """Whether that is AWS's own, and not a local cloud's."""
        return (urlsplit(self.endpoint).hostname or "").endswith(AMAZON)

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            from botocore.exceptions import BotoCoreError

            try:
                self._clients[service] = self._make(service)
            except (BotoCoreError, ValueError) as error:  # ValueError: an address that is none
                raise explain(error, service) from None
        return self._clients[service]


def open_account() -> Account:
    """The account that AWS's variables and files on this computer name, asked who it is. Raises Trouble."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    try:
        session = boto3.Session()
        region = session.region_name
    except BotoCoreError as error:
        raise explain(error) from None
    if not region:
        from botocore.exceptions import NoRegionError

        raise explain(NoRegionError())
    config = Config(connect_timeout=10, read_timeout=60, retries={"mode": "standard"})
    account = Account(lambda service: session.client(service, config=config), Place("", region))
    who = account.call("sts", "get_caller_identity")
    account.place = Place(str(who["Account"]), region, str(who["Arn"]).split(":")[1])
    return account
