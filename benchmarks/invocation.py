"""How long an invocation takes: `./lab setup`, then `.venv/bin/python benchmarks/invocation.py`.

Wall time in ms, medians. Cold: from nothing to the answer, with a process, its interpreter and the function's
imports; warm: the same function again; close: its end. Both runtime clients, taken in turns; run it on a quiet machine.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from workbook.cloud import Cloud
from workbook.runtime import Code, Configuration, Function, Platform, RuntimeClient, Stage
from workbook.runtime.launchers.spawn import default_client

COLD_RUNS = 15
WARM_RUNS = 20
BUCKET = "workbook-readings"

HANDLERS = {
    "standard library": """
        import json
        def lambda_handler(event, context):
            return {"statusCode": 200, "body": json.dumps(event)}
    """,
    "client at import, put_object": """
        import json, os, boto3
        s3 = boto3.client("s3")
        def lambda_handler(event, context):
            s3.put_object(Bucket=os.environ["BUCKET_NAME"], Key="reading.json", Body=json.dumps(event))
            return {"statusCode": 200}
    """,
}


def measure(stage: Stage, platform: Platform) -> dict[str, list[float]]:
    """The times of one function's life, in ms."""
    function = Function(stage, Configuration(timeout=30, environment={"BUCKET_NAME": BUCKET}), platform=platform)
    times: dict[str, list[float]] = {"cold": [], "warm": [], "close": []}
    for kind in ("cold", *["warm"] * WARM_RUNS):
        began = time.perf_counter()
        invocation = function.invoke({"station": "north-quay", "pm25": 12.4})
        times[kind].append((time.perf_counter() - began) * 1000)
        if invocation.error:
            sys.exit(f"The function failed:\n{invocation.log_text}")
    began = time.perf_counter()
    function.close()
    times["close"].append((time.perf_counter() - began) * 1000)
    return times


def main() -> None:
    clients = list(RuntimeClient) if default_client() is RuntimeClient.NATIVE else [RuntimeClient.PURE]
    print(f"{'handler':<30} {'client':<8} {'cold':>8} {'warm':>8} {'close':>8}")
    with Cloud(services=["s3"], buckets=[BUCKET]) as cloud, tempfile.TemporaryDirectory() as folder:
        for name, source in HANDLERS.items():
            file = Path(folder, "lambda_function.py")
            file.write_text("if True:\n" + source, "utf-8")
            stage = Stage(Code.open(file))
            times: dict[tuple[RuntimeClient, str], list[float]] = {}
            for _ in range(COLD_RUNS):
                for client in clients:
                    platform = Platform(client=client, endpoint=cloud.function_endpoint, gate=cloud.gate)
                    for kind, taken in measure(stage, platform).items():
                        times.setdefault((client, kind), []).extend(taken)
            stage.close()
            for client in clients:
                medians = (statistics.median(times[client, kind]) for kind in ("cold", "warm", "close"))
                print(f"{name:<30} {client.value:<8} " + " ".join(f"{median:8.1f}" for median in medians))


if __name__ == "__main__":
    main()
