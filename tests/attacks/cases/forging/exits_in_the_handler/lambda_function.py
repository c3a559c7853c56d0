import os


def lambda_handler(event, context):
    os._exit(0)
