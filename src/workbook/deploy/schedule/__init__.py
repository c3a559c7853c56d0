"""Schedule expressions as AWS reads them: parse one, know when it fires, say it in words, simulate it."""

from workbook.deploy.schedule.calendar import draw_month, draw_week
from workbook.deploy.schedule.expression import Kind, Service
from workbook.deploy.schedule.refusal import ScheduleError
from workbook.deploy.schedule.schedule import Schedule, check, draw, parse

__all__ = ["Kind", "Schedule", "ScheduleError", "Service", "check", "draw", "draw_month", "draw_week", "parse"]
