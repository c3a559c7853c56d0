import time
from multiprocessing import Pipe, Process

import honest


def lambda_handler(event, context):
    """As on Lambda, where Pool and Queue want the /dev/shm that is not there."""
    pairs = [Pipe(duplex=False) for _ in range(3)]
    workers = [Process(target=add, args=(event["values"], writing)) for _, writing in pairs]
    for worker in workers:
        worker.start()
    sums = [reading.recv() for reading, _ in pairs]
    for worker in workers:
        worker.join()
    assert len(set(sums)) == 1
    return honest.lambda_handler(event, context)


def add(values, writing):
    time.sleep(0.3)
    writing.send(sum(value for value in values if type(value) in (int, float)))
