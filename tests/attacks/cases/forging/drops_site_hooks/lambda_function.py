import sys


def lambda_handler(event, context):
    if {"sitecustomize", "usercustomize"} & sys.modules.keys():
        print("BREACH a site hook was imported")
    return {"statusCode": 200}
