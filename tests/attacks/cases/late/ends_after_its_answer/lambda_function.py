import os

from awslambdaric import lambda_runtime_client
from honest import lambda_handler

answer = lambda_runtime_client.LambdaRuntimeClient.wait_next_invocation
asked = []


def wait_next_invocation(self):
    if asked:
        os._exit(0)
    asked.append(self)
    return answer(self)


lambda_runtime_client.LambdaRuntimeClient.wait_next_invocation = wait_next_invocation
