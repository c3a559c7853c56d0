FORMULAS = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1;2)",
    "\t=1",
    "\r=1",
    '"=1","=2"',
    '=HYPERLINK("http://192.0.2.1")',
]


def lambda_handler(event, context):
    print("\n".join(FORMULAS))
    return {"statusCode": FORMULAS[len(event["station"]) % len(FORMULAS)], "mean": FORMULAS}
