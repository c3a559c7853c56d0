import logging

ESCAPES = (
    "\x1b[2J\x1b[H\x1b[32mpassed\x1b[0m \x1b]0;title\x07 \x1b]8;;http://192.0.2.1\x1b\\click\x1b]8;;\x1b\\ \x1b[1A\x1b[2K "
    "\x9b2J \r20/20 \x08\x08 \x1bP+q544e\x1b\\ \x1b]52;c;YQ==\x07 \u202egnissap\u202c \u2066\u200b\ufeff \x00 \x7f \u2028"
)


def lambda_handler(event, context):
    print(ESCAPES)
    logging.getLogger().error(ESCAPES)
    if event["station"] < "quay-8":
        return {"statusCode": ESCAPES, ESCAPES: 1}
    raise type(ESCAPES[:40].replace("\0", ""), (Exception,), {})(ESCAPES)
