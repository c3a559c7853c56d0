"""What a warm environment keeps."""

# --8<-- [start:warm]
count = 0  # made once, when the environment starts


def lambda_handler(event, context):
    global count
    count += 1
    return {"invocations_of_this_environment": count}


# --8<-- [end:warm]
