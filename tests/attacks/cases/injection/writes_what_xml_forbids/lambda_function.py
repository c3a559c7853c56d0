import json
import os

FORBIDDEN = "".join(map(chr, range(0x20))) + "\x7f\x85\ufffe\uffff\ufdd0" + "]]>&<"
LONE = "\ud800 \udfff"


def lambda_handler(event, context):
    os.write(1, FORBIDDEN.encode() + bytes(range(128, 256)) + b"\n")
    if event["station"] < "quay-8":
        return json.loads(json.dumps({"statusCode": FORBIDDEN, LONE: LONE}))
    raise ValueError(FORBIDDEN + LONE)
