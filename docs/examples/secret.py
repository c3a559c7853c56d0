"""A secret from Secrets Manager, asked for once for each environment."""

# --8<-- [start:secret]
import os
from functools import cache

import boto3

secrets = boto3.client("secretsmanager")


@cache
def read_secret(name):
    return secrets.get_secret_value(SecretId=name)["SecretString"]


def lambda_handler(event, context):
    api_key = read_secret(os.environ["API_KEY_SECRET"])  # the variable holds the secret's name
    return {"characters": len(api_key)}


# --8<-- [end:secret]
