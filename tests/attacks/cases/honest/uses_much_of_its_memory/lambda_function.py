import honest


def lambda_handler(event, context):
    held = bytearray(b"x") * (24 << 20)
    return honest.lambda_handler(event, context) if held else None
