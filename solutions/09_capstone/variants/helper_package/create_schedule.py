"""May be run again: what is there already is kept."""

import boto3
from botocore.exceptions import ClientError


def lambda_handler(event, context):
    session = boto3.session.Session()
    events = session.client("events")
    events.put_rule(Name=event["rule_name"], ScheduleExpression=event["expression"])
    arn = events.describe_rule(Name=event["rule_name"])["Arn"]
    try:
        session.client("lambda").add_permission(
            FunctionName=event["function_arn"],
            StatementId=f"{event['rule_name']}-may-invoke",
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
            SourceArn=arn,
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceConflictException":
            raise
    events.enable_rule(Name=event["rule_name"])
    events.put_targets(Rule=event["rule_name"], Targets=[{"Id": "1", "Arn": event["function_arn"]}])
