import json

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from honest import ONCE, lambda_handler, s3

LINES = "".join(json.dumps({"a": number, "b": "x" * 50}) + "\n" for number in range(20_000))
QUERIES = [
    "SELECT * FROM s3object s",
    "SELECT " + ", ".join(f"s.a AS a{n}" for n in range(200)) + " FROM s3object s",
    "SELECT * FROM s3object s WHERE " + " OR ".join(f"s.a = {n}" for n in range(2000)),
    "SELECT " + "(" * 400 + "s.a" + ")" * 400 + " FROM s3object s",
]

if ONCE:
    once = s3.meta.config.merge(Config(read_timeout=1, retries={"total_max_attempts": 1}))
    import boto3

    client = boto3.client("s3", config=once)
    client.create_bucket(Bucket="mine-to-ask")
    client.put_object(Bucket="mine-to-ask", Key="k", Body=LINES)
    for query in QUERIES:
        try:
            answer = client.select_object_content(
                Bucket="mine-to-ask", Key="k", Expression=query, ExpressionType="SQL",
                InputSerialization={"JSON": {"Type": "LINES"}}, OutputSerialization={"JSON": {}},
            )  # fmt: skip
            for _ in answer["Payload"]:
                pass
        except (BotoCoreError, ClientError):
            pass
