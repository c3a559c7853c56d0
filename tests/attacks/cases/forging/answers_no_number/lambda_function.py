import sys

sys.set_int_max_str_digits(0)
ANSWERS = [
    {"statusCode": float("nan"), "mean": float("nan")},
    {"statusCode": 200, "mean": float("inf")},
    {"statusCode": 200, "mean": 10**6000},
    {"statusCode": 200.0, "mean": -0.0},
]
count = 0


def lambda_handler(event, context):
    global count
    count += 1
    return ANSWERS[sum(map(ord, event["station"])) % len(ANSWERS)]
