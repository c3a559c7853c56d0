"""boto3 clients and resources that a template makes before it forks, for a function that asks for them as most do.

Either takes longer to make than all else in a cold start. Nothing in boto3 is changed: its default session is one
that has made them already, and gives out the first that is asked for. A function that they do not fit, since it
wants one with settings of its own, has changed its variables or logs how clients are made, gets a fresh session.
"""

import contextlib
import logging
import os
import re

import boto3
import botocore.loaders
import botocore.session
from botocore.awsrequest import AWSResponse

# Of a function's variables those that botocore reads as it makes a client. The files it reads are empty for all.
READ = re.compile(
    r"AWS_(?!LAMBDA_|XRAY_|CONFIG_FILE$|SHARED_CREDENTIALS_FILE$)|BOTO|REQUESTS_CA_|CURL_CA_|SSL_|\w+_PROXY$", re.I
)
NOBODY = {"aws_access_key_id": "none", "aws_secret_access_key": "none"}
FIRST_CALLS = {
    "s3": {
        "put_object": {"Bucket": "none", "Key": "none", "Body": b"{}", "ContentType": "application/json"},
        "list_objects_v2": {"Bucket": "none"},
    }
}
MODELS = botocore.loaders.create_loader()  # it keeps what it has read
HAVE_RESOURCES = frozenset(boto3.Session().get_available_resources())
NO_FILES = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)


def choose(variables):
    """Those of the function's variables that its clients depend on."""
    return {name: value for name, value in variables.items() if READ.match(name)}


class WarmSession(boto3.Session):
    """A default session for functions with these variables, with a client for each of `services`, and a resource for
    those of them that have one."""

    def __init__(self, services, variables):
        super().__init__(botocore_session=make_session())
        self._fresh = boto3.Session(botocore_session=make_session())
        self._made_for, self._at_first = choose(variables), None
        self._clients, self._resources = {}, {}
        with contextlib.suppress(Exception), _added(self._made_for):  # the function meets what is wrong itself
            self._clients = {name: self.client(name) for name in services}
            first = boto3.Session(botocore_session=make_session())  # a session's second client knows of its first
            self._resources = {name: first.resource(name) for name in services if name in HAVE_RESOURCES}

    def fits(self, variables):
        """Whether a function with these variables would make the same clients."""
        return choose(variables) == self._made_for

    def begin(self):
        """Be boto3's default session. The function's variables are set, and its own code comes next."""
        self._at_first = dict(os.environ)
        boto3.DEFAULT_SESSION = self

    def client(self, service_name, *more, **settings):
        return self._give("client", self._clients, service_name, *more, **settings)

    def resource(self, service_name, *more, **settings):
        return self._give("resource", self._resources, service_name, *more, **settings)

    def _give(self, kind, made, name, *more, **settings):
        if self._at_first is None:
            return getattr(super(), kind)(name, *more, **settings)
        unheard = not logging.getLogger("botocore").isEnabledFor(logging.DEBUG)
        if name in made and not more and not settings and unheard and self._at_first == dict(os.environ):
            self._at_first = None
            return made[name]
        boto3.DEFAULT_SESSION = self._fresh
        return getattr(self._fresh, kind)(name, *more, **settings)


def make_session():
    session = botocore.session.Session()
    session.register_component("data_loader", MODELS)
    return session


def exercise(services):
    """Let clients that nobody will see make their first calls, which are slow; nothing of them leaves this process."""
    for service in services:
        session = boto3.Session(botocore_session=make_session())
        client = session.client(service, region_name="us-east-1", **NOBODY)
        client.meta.events.register("before-send", lambda **_: AWSResponse("", 200, {}, None))
        for operation, named in FIRST_CALLS.get(service, {}).items():
            with contextlib.suppress(Exception):
                getattr(client, operation)(**named)


@contextlib.contextmanager
def _added(variables):
    """Inside, these are variables of this process, and there are no files of settings."""
    before, added = dict(os.environ), variables | NO_FILES
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)
