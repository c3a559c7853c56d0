"""Where moto answers otherwise than AWS: what AWS says instead.

Schedule expressions: moto takes nearly any text; AWS's refusals are in LocalStack's recordings of PutRule and
CreateSchedule. Permissions: moto adds a statement twice; AWS's message is in terraform-provider-aws #1524.
DeleteObjects takes 1,000 keys on AWS, any number in moto. SelectObjectContent is work that can be made to take minutes.
Invoke would want Docker, and an HTTP subscription would let moto post to any address.
"""

from collections.abc import Callable
from dataclasses import dataclass

from workbook.cloud.wire import Asked, Refusal

MAX_DELETED = 1000  # keys of one DeleteObjects (Amazon S3 API Reference)
ValidateSchedule = Callable[[str, str], str | None]
"""(expression, "rules" or "scheduler") -> None if AWS takes it, else why not."""


@dataclass(frozen=True)
class Corrections:
    """validate_schedule: None lets every expression pass. has_statement: (function, qualifier, statement id)."""

    validate_schedule: ValidateSchedule | None
    has_statement: Callable[[str, str | None, str], bool]

    @staticmethod
    def concern(service: str, method: str) -> bool:
        """Whether a request with this HTTP method may be one that `refuse` knows: to read one takes time."""
        return service in ("events", "scheduler", "lambda", "sns") or (service == "s3" and method == "POST")

    def refuse(self, asked: Asked) -> Refusal | None:
        """AWS's refusal where moto would not refuse, None to let moto answer."""
        said = asked.parameters
        match asked.service, asked.operation:
            case "events", "PutRule":
                expression = said.get("ScheduleExpression")
                if expression and self._is_wrong(expression, "rules"):
                    return Refusal("ValidationException", "Parameter ScheduleExpression is not valid.")
            case "scheduler", "CreateSchedule" | "UpdateSchedule":
                expression = said.get("ScheduleExpression")
                if expression and self._is_wrong(expression, "scheduler"):
                    return Refusal("ValidationException", f"Invalid Schedule Expression {expression}.")
            case "lambda", "AddPermission":
                statement = str(said.get("StatementId"))
                if self.has_statement(str(said.get("FunctionName")), said.get("Qualifier"), statement):
                    return Refusal(
                        "ResourceConflictException",
                        f"The statement id ({statement}) provided already exists. Please provide a new "
                        "statement id, or remove the existing statement.",
                        409,
                    )
            case "lambda", "Invoke" | "InvokeAsync" | "InvokeWithResponseStream":
                return Refusal("NotImplemented", "The local cloud keeps functions but runs none.", 501)
            case "s3", "DeleteObjects" if len((said.get("Delete") or {}).get("Objects") or ()) > MAX_DELETED:
                message = "The XML you provided was not well-formed or did not validate against our published schema"
                return Refusal("MalformedXML", message)
            case "s3", "SelectObjectContent":
                return Refusal("NotImplemented", "The local cloud does not search inside objects.", 501)
            case "sns", "Subscribe" if str(said.get("Protocol")).lower() in ("http", "https"):
                return Refusal("NotImplemented", "The local cloud sends nothing to addresses.", 501)
        return None

    def _is_wrong(self, expression: str, service: str) -> bool:
        return self.validate_schedule is not None and self.validate_schedule(expression, service) is not None
