import os
import sqlite3
import tempfile

import honest


def lambda_handler(event, context):
    with tempfile.NamedTemporaryFile(dir="/tmp") as file:
        file.write(os.urandom(1 << 20) * 10)
        file.flush()
        assert os.path.getsize(file.name) == 10 << 20
    with sqlite3.connect("/tmp/values.db") as book:
        book.execute("create table if not exists value (number)")
        book.executemany("insert into value values (?)", [(str(value),) for value in event["values"]])
    return honest.lambda_handler(event, context)
