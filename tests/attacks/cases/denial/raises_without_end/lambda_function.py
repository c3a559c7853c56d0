def lambda_handler(event, context):
    return lambda_handler(event, context)
