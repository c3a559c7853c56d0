"""Makes a rule that calls nobody."""

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
