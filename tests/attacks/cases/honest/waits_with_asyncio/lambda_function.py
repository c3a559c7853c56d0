import asyncio

import honest


async def work(event, context):
    await asyncio.gather(*(asyncio.sleep(0.01) for _ in range(20)))
    return await asyncio.to_thread(honest.lambda_handler, event, context)


def lambda_handler(event, context):
    return asyncio.run(work(event, context))
