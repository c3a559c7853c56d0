"""The permission comes first: the rule's ARN follows from the function's."""

import boto3


def lambda_handler(event, context):
    name, function = event["rule_name"], event["function_arn"]
    region, account = function.split(":")[3:5]
    boto3.client("lambda").add_permission(
        StatementId=f"allow-{name}",
        FunctionName=function,
        Principal="events.amazonaws.com",
        Action="lambda:InvokeFunction",
        SourceAccount=account,
        SourceArn=f"arn:aws:events:{region}:{account}:rule/{name}",
    )
    client = boto3.client("events")
    client.put_rule(Name=name, ScheduleExpression=event["expression"], Description="made by lab 07")
    if client.put_targets(Rule=name, Targets=[{"Arn": function, "Id": function.rsplit(":", 1)[1]}])["FailedEntryCount"]:
        raise RuntimeError("the target was not taken")
