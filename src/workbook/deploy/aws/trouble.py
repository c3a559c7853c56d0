"""What can go wrong between here and AWS, in words for its user."""

import re
from enum import StrEnum
from typing import Any

_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
_UNKNOWN = {
    "AuthFailure", "IncompleteSignature", "InvalidAccessKeyId", "InvalidClientTokenId", "InvalidSignatureException",
    "InvalidToken", "MissingAuthenticationToken", "MissingAuthenticationTokenException", "NotAuthorized",
    "OptInRequired", "SignatureDoesNotMatch", "UnrecognizedClientException",
}  # fmt: skip
_THROTTLED = {
    "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException", "SlowDown", "ThrottledException",
    "Throttling", "ThrottlingException", "TooManyRequestsException",
}  # fmt: skip
_DENIED = {"403", "AccessDenied", "AccessDeniedException", "AuthorizationErrorException", "UnauthorizedOperation"}
_NO_REGION = (
    "No AWS region is set. Choose one, such as us-east-1: set AWS_DEFAULT_REGION to it, or write it with aws configure."
)
_NO_CREDENTIALS = (
    "No AWS credentials are here. Deploying needs an AWS account of your own, and no lab needs it. If you have one: "
    "aws configure, aws configure sso, or set AWS_PROFILE."
)
_RENEW = "Sign in again: aws sso login, aws login, or new ones from the class's page."


class Kind(StrEnum):
    ACCOUNT = "account"  # nothing works with these settings: credentials, region, network
    DENIED = "denied"  # the account's user may not do this one thing
    THROTTLED = "throttled"
    REFUSED = "refused"  # AWS does not take what was asked


class Trouble(Exception):
    """Why a call failed. `code` is AWS's own; `permission` names what was missing, such as `iam:CreateRole`."""

    def __init__(self, text: str, kind: Kind = Kind.REFUSED, code: str = "", permission: str = "") -> None:
        super().__init__(text)
        self.kind, self.code, self.permission = kind, code, permission


def explain(error: Exception, service: str = "sts", hidden: tuple[str, ...] = ()) -> Trouble:
    """The trouble behind a botocore error. AWS's own words are left out where they may quote a request's headers,
    and the texts `hidden` are covered wherever they stand."""
    from botocore import exceptions as botocore

    if isinstance(error, botocore.ClientError):
        return _explain_answer(error.response.get("Error", {}), error.operation_name, service, hidden)
    if isinstance(error, botocore.NoRegionError):
        return Trouble(_NO_REGION, Kind.ACCOUNT)
    if isinstance(error, botocore.NoCredentialsError):
        return Trouble(_NO_CREDENTIALS, Kind.ACCOUNT)
    if isinstance(error, botocore.HTTPClientError | botocore.ConnectionError):
        return Trouble(
            f"AWS's {service} does not answer ({type(error).__name__}). Is the network up, and is the region's name "
            "right?",
            Kind.ACCOUNT,
        )
    if isinstance(error, botocore.ParamValidationError):
        return Trouble(f"boto3 does not take what was to be sent to {service}.")
    if "SSO" in type(error).__name__ or isinstance(error, botocore.TokenRetrievalError):
        return Trouble(f"The session has ended. {_RENEW}", Kind.ACCOUNT)
    return Trouble(f"AWS's settings on this computer are not usable: {_cover(str(error), hidden)}", Kind.ACCOUNT)


def _explain_answer(answer: Any, operation: str, service: str, hidden: tuple[str, ...]) -> Trouble:
    code, said = str(answer.get("Code", "")), _cover(str(answer.get("Message", "")), hidden)
    if code in _EXPIRED:
        return Trouble(f"The AWS credentials have expired. {_RENEW}", Kind.ACCOUNT, code)
    if code in _UNKNOWN:
        return Trouble(
            f"AWS does not take these credentials ({code}). Look at what aws configure list names, and at this "
            "computer's clock.",
            Kind.ACCOUNT,
            code,
        )
    if code in _THROTTLED:
        return Trouble(
            f"AWS asks to slow down ({service} {operation}: {code}). Wait a minute, then run this again: what is done "
            "stays done.",
            Kind.THROTTLED,
            code,
        )
    if code in _DENIED:
        named = re.search(r"not authorized to perform: ([a-z0-9-]+:\w+)", said)
        permission = named[1] if named else _permission(service, operation)
        return Trouble(f"Your AWS user needs the permission {permission}.", Kind.DENIED, code, permission)
    return Trouble(f"{service} {operation}: {said or 'no reason given'} ({code or 'no code'})", Kind.REFUSED, code)


def _permission(service: str, operation: str) -> str:
    from workbook.cloud.permissions import find_needs

    return find_needs(service, operation, {})[0].action


def _cover(text: str, hidden: tuple[str, ...]) -> str:
    """Lambda's refusals may quote the variables: all of them after "String measured", each wherever it stands."""
    text = " ".join(text.partition("String measured")[0].split()).rstrip(".:")
    for value in sorted(hidden, key=len, reverse=True):
        if len(value) >= 3:
            text = text.replace(value, "***")
    return text
