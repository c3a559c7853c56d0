"""The context that Lambda hands to a handler, for editors and type checkers. At run time the module is Lambda's own.

Source: Lambda Developer Guide, python-context; the names are those of awslambdaric.
"""

class LambdaContext:
    """What Lambda tells a handler about this invocation, its second argument."""

    function_name: str
    """The function's name."""
    function_version: str
    """Its version, "$LATEST" unless one was published."""
    invoked_function_arn: str
    """The ARN that the caller used, with its version or alias if it named one."""
    memory_limit_in_mb: str
    """The memory that is set for the function, in MB: a text, so int(...) makes a number of it."""
    aws_request_id: str
    """The id of this invocation, which also stands in its log lines."""
    log_group_name: str
    """The log group in CloudWatch, /aws/lambda/NAME."""
    log_stream_name: str
    """The log stream of this execution environment."""
    identity: CognitoIdentity
    """Who called through Amazon Cognito; its values are None for everybody else."""
    client_context: ClientContext | None
    """What a mobile app sent about itself; None for everybody else."""
    tenant_id: str | None
    """The tenant that this environment belongs to, where the function is isolated by tenant; else None."""

    def get_remaining_time_in_millis(self) -> int:
        """The milliseconds that are left before Lambda ends this invocation, never less than 0."""

    def log(self, msg: object) -> None:
        """Writes to the log as it is: no level, no line break at the end."""

    def w3c(self) -> dict[str, str]:
        """The W3C trace context that the caller sent: traceparent, tracestate, baggage."""

class CognitoIdentity:
    """The identity that called through Amazon Cognito."""

    cognito_identity_id: str | None
    """The authenticated identity."""
    cognito_identity_pool_id: str | None
    """The identity pool that vouched for it."""

class ClientContext:
    """What the mobile app sent with the call."""

    client: Client | None
    """The app itself."""
    custom: dict[str, object] | None
    """What the app chose to send."""
    env: dict[str, object] | None
    """What the AWS SDK found out about the device."""

class Client:
    """The mobile app."""

    installation_id: str | None
    app_title: str | None
    app_version_name: str | None
    app_version_code: str | None
    app_package_name: str | None
