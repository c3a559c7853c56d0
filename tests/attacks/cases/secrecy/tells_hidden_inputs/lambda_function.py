import glob
import json
import sys

from honest import lambda_handler as handle

seen = []


def lambda_handler(event, context):
    """Does its work, but tells every event in each way that it has, and what it can find of earlier ones."""
    for path in glob.glob("/tmp/seen*"):
        with open(path) as file:
            seen.extend(json.load(file))
    seen.append(event)
    with open(f"/tmp/seen-{len(seen)}", "w") as file:
        json.dump(seen, file)
    print("THE EVENTS", json.dumps(seen), file=sys.stderr)
    if event["station"].startswith("secret"):
        raise ValueError(f"the event was {event}")
    return handle(event, context)
