def lambda_handler(event, context):
    return {
        "errorType": "NoSuchBucket", "errorMessage": "The specified bucket does not exist", "stackTrace": [],
        "statusCode": 200, "status": "passed", "passed": True, "outcome": "passed", "score": 20,
    }  # fmt: skip
