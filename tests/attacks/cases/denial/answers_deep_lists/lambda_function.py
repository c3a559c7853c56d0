def lambda_handler(event, context):
    """As deep as Python's own encoder goes: deeper than it compares and shows."""
    deep = []
    for _ in range(900):
        deep = [deep]
    return {"statusCode": 200, "mean": deep}
