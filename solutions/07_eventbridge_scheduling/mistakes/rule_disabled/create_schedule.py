"""Makes the rule, but leaves it disabled."""

import boto3

events = boto3.client("events")
functions = boto3.client("lambda")


def lambda_handler(event, context):
    name = event["rule_name"]
    rule = events.put_rule(Name=name, ScheduleExpression=event["expression"], State="DISABLED")
    events.put_targets(Rule=name, Targets=[{"Id": "collector", "Arn": event["function_arn"]}])
    functions.add_permission(
        FunctionName=event["function_name"],
        StatementId=name,
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=rule["RuleArn"],
    )
    return {"rule_arn": rule["RuleArn"]}
