def lambda_handler(event, context):
    """Tasks 1 and 2: write here."""
    return {"statusCode": 501}
