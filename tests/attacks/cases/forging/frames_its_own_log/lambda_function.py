import os
import struct

MARK = 0xA55A0003


def lambda_handler(event, context):
    """Frames as the runtime client writes them, whole, torn and with lengths that lie."""
    text = f"[WARNING]\t2026-01-01T00:00:00.000Z\t{context.aws_request_id}\trefused: {event['station']}\n".encode()
    whole = struct.pack(">IIQ", MARK, len(text), 0) + text
    lies = [struct.pack(">IIQ", MARK, length, 0) + text for length in (0, 1, 0x7FFFFFFF, 0xFFFFFFFF)]
    os.write(1, whole + whole[:10] + b"".join(lies) + b"\xa5" * 100 + struct.pack(">I", MARK))
    return {"statusCode": 200}
