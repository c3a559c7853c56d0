"""A first try with boto3, in a file that now hides the library of that name."""

print("hello, bucket")
