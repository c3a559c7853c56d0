from concurrent.futures import ThreadPoolExecutor

import honest


def lambda_handler(event, context):
    with ThreadPoolExecutor(max_workers=8) as pool:
        squares = list(pool.map(lambda value: value, event["values"] * 20))
    assert len(squares) == len(event["values"]) * 20
    return honest.lambda_handler(event, context)
