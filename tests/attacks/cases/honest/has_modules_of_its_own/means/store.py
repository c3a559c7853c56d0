import json
import os

import boto3


class Store:
    def __init__(self):
        self._s3 = boto3.client("s3")

    def keep(self, reading):
        self._s3.put_object(
            Bucket=os.environ["BUCKET_NAME"], Key=f"{reading.station}.json", Body=json.dumps({"mean": reading.mean})
        )
