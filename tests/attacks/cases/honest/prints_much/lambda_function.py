import honest


def lambda_handler(event, context):
    for number in range(20_000):
        print(number, "a line that explains at length what the function is about to do")
    return honest.lambda_handler(event, context)
