"""Lab 02: read the collector's settings from its environment. README.md, beside this file, has the tasks."""

import json


def lambda_handler(event, context):
    # Task 1: read API_KEY and BUCKET_NAME from the environment.

    # Task 2: read MAX_STATIONS, and turn it into a number.
    # Task 3: read DRY_RUN, and turn it into true or false.

    # Task 4: answer 500 when a variable is missing or wrong, and name it.
    # Task 5: name it in the log too; the key's value stays here.

    return {"statusCode": 501, "body": json.dumps({"message": "not written yet"})}
