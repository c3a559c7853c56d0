def lambda_handler(event, context):
    raise ValueError("x" * (50 << 20))
