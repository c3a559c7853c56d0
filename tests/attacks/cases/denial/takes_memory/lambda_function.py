from honest import breach

taken = []


def lambda_handler(event, context):
    for _ in range(50):
        taken.append(bytearray(b"x") * (16 << 20))
    breach("memory without a bound", len(taken))
    return {"statusCode": 200}
