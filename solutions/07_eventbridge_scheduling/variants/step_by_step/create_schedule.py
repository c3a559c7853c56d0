"""A disabled rule first, enabled when all is in place; a permission that is there already is made anew."""

import logging
from contextlib import suppress

import boto3


def lambda_handler(event, context):
    rule = Rule(event["rule_name"])
    rule.create(event["expression"])
    rule.let_in(event["function_name"])
    rule.aim(event["function_arn"])
    rule.enable()
    logging.warning("%s is on", rule.name)
    return "done"


class Rule:
    def __init__(self, name):
        self.name = name
        self.events = boto3.client("events")

    def create(self, expression):
        self.events.put_rule(Name=self.name, ScheduleExpression=expression, State="DISABLED")
        self.arn = self.events.describe_rule(Name=self.name)["Arn"]

    def let_in(self, function):
        client = boto3.client("lambda")
        with suppress(client.exceptions.ResourceNotFoundException):
            client.remove_permission(FunctionName=function, StatementId="scheduled")
        client.add_permission(
            FunctionName=function,
            StatementId="scheduled",
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
            SourceArn=self.arn,
        )

    def aim(self, function):
        self.events.put_targets(Rule=self.name, Targets=[{"Id": "1", "Arn": function}])

    def enable(self):
        self.events.enable_rule(Name=self.name)
