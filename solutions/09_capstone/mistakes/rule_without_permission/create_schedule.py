"""Put a function on a schedule: a rule that fires, a target that it calls, a permission that lets it in."""

import boto3

events = boto3.client("events")


def lambda_handler(event, context):
    name = event["rule_name"]
    rule = events.put_rule(Name=name, ScheduleExpression=event["expression"], State="ENABLED")
    events.put_targets(Rule=name, Targets=[{"Id": "collector", "Arn": event["function_arn"]}])
    return {"rule_arn": rule["RuleArn"]}
