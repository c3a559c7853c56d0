from means.reading import NoMean, Reading
from means.store import Store

store = Store()


def lambda_handler(event, context):
    try:
        reading = Reading.parse(event)
    except NoMean as problem:
        problem.log()
        return {"statusCode": 400}
    store.keep(reading)
    return {"statusCode": 200, "mean": reading.mean}
