"""Put a function on a schedule: a rule that fires, a target that it calls, a permission that lets it in."""

import boto3

events = boto3.client("events")
functions = boto3.client("lambda")


def lambda_handler(event, context):
    name = event["rule_name"]
    rule = events.put_rule(Name=name, ScheduleExpression=event["expression"], State="ENABLED")
    functions.add_permission(
        FunctionName=event["function_name"],
        StatementId=name,
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=rule["RuleArn"],
    )
    return {"rule_arn": rule["RuleArn"]}
