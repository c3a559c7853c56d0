"""The local Lambda: functions that run in AWS's own runtime client, under Lambda's rules, on this machine."""

from workbook.runtime.code import Code, CodeError, Stage
from workbook.runtime.environment import BudgetSpent
from workbook.runtime.function import Configuration, Function, InvalidEvent, Platform, parse_event
from workbook.runtime.invocation import FunctionError, Invocation, LogRecord
from workbook.runtime.launch import RuntimeClient

__all__ = [
    "BudgetSpent",
    "Code",
    "CodeError",
    "Configuration",
    "Function",
    "FunctionError",
    "InvalidEvent",
    "Invocation",
    "LogRecord",
    "Platform",
    "RuntimeClient",
    "Stage",
    "parse_event",
]
