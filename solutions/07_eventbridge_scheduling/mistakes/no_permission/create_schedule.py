"""Makes the rule and its target, and does not let the rule in."""

import boto3

events = boto3.client("events")


def lambda_handler(event, context):
    name = event["rule_name"]
    rule = events.put_rule(Name=name, ScheduleExpression=event["expression"], State="ENABLED")
    events.put_targets(Rule=name, Targets=[{"Id": "collector", "Arn": event["function_arn"]}])
    return {"rule_arn": rule["RuleArn"]}
