"""What a package is held against: its target, its handler, the code it was made from, the requirements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbook.deploy.package.target import Target

if TYPE_CHECKING:
    from packaging.requirements import Requirement


@dataclass(frozen=True)
class Expectation:
    """`code` holds the function's own files by name, as its folder has them now; None when there is no folder."""

    target: Target
    handler: str = "lambda_function.lambda_handler"
    code: Mapping[str, bytes] | None = None
    requirements: "tuple[Requirement, ...]" = field(default=())

    @property
    def module(self) -> str:
        """The handler's module as a path without its ending: `lambda_function`."""
        return self.handler.rpartition(".")[0].replace(".", "/")

    @property
    def function(self) -> str:
        return self.handler.rpartition(".")[2]

    @property
    def handler_file(self) -> str:
        return f"{self.module}.py"

    def owns(self, name: str) -> bool:
        """Whether the path lies among the function's own files rather than in an installed package."""
        top = name.partition("/")[0]
        return any(own.partition("/")[0] == top for own in self.code or ())
