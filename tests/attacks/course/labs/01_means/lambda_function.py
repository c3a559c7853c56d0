def lambda_handler(event, context):
    """Write here."""
