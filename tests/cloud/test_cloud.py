import pytest
from botocore.exceptions import ClientError

BUCKET = "workbook-readings"


def test_bench_sees_what_the_function_wrote(cloud, s3):
    s3.put_object(Bucket=BUCKET, Key="a b/ü.json", Body=b"{}", ContentType="application/json")
    stored = cloud.client("s3").get_object(Bucket=BUCKET, Key="a b/ü.json")
    assert (stored["Body"].read(), stored["ContentType"]) == (b"{}", "application/json")


def test_frozen_function_gets_503_and_leaves_no_record(cloud, s3):
    cloud.gate.close()
    with pytest.raises(ClientError) as caught:
        s3.put_object(Bucket=BUCKET, Key="late", Body=b"")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert caught.value.response["Error"]["Code"] == "ServiceUnavailable"
    assert cloud.calls == []
    assert "Contents" not in cloud.client("s3").list_objects_v2(Bucket=BUCKET)
