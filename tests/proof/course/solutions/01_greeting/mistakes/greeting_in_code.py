def lambda_handler(event, context):
    station = event.get("station")
    return {"statusCode": 200, "greeting": f"hello {station}"} if station else {"statusCode": 400}
