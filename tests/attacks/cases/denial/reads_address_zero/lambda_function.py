import ctypes


def lambda_handler(event, context):
    ctypes.string_at(0)
