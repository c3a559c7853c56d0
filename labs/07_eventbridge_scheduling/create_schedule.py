"""Lab 07, part 3: put a function on a schedule. It is deployed as a function of its own, with a handler of its own."""


def lambda_handler(event, context):
    # Task 5: make an enabled rule and give it its one target.

    # Task 6: let the rule in.

    return {"message": "not written yet"}
