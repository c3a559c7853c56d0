"""A process that has the managed runtime loaded, and forks a function's process for each request.

Started like boot.py, with `door` (the number of a Unix socket), `services` (whose boto3 clients it makes once, so
that their models are read) and `layers` in its settings. It answers with the names that it holds; then each
request, one JSON document with the descriptor of a log file, is answered with the pid of a process that is the
bench's child, not the template's. It ends when the bench closes the socket.

With a `confinement` in its settings, each request brings a second descriptor, of a Unix socket, and the process
confines itself (see confine.py) before it becomes the function's; the pid is then that of its guard, a child of the
template's.
"""

import contextlib
import json
import os
import sys
import time

FOLDER = b"_WORKBOOK_FOLDER"  # among the variables, so that /proc tells whose process one is


def serve():
    settings = json.loads(os.environ.pop("_WORKBOOK_BOOT"))
    boot, warm_modules = import_beside("boot", "warm_modules")
    pure_client = import_beside("runtime_client")[0] if settings["client"] == "pure" else None
    sys.modules["runtime_client"] = None  # it notes the Runtime API's address when it is imported
    make_read_only = boot.load_runtime(settings)
    warm = warm_modules.WarmModules()
    with warm.watching():
        import array  # noqa: F401  socket.recv_fds imports it
        import ctypes
        import gc
        import socket

        confine = import_beside("confine")[0] if settings["confinement"] else None
        import_from(settings["layers"])
        if settings["services"]:
            share_models(settings["services"])
    library = ctypes.CDLL(None)
    library.getenv.restype = ctypes.c_void_p
    mark = library.getenv(FOLDER)
    room = len(os.environ[FOLDER.decode()])
    gc.collect()
    gc.freeze()
    if confine:
        confine.hide()

    door = socket.socket(fileno=settings["door"])
    door.send(json.dumps(warm.top_level).encode())
    while True:
        message, descriptors, _, _ = socket.recv_fds(door, 1 << 18, 2)
        if not message:
            return
        request = settings | json.loads(message)
        log, *handoff = descriptors
        pid = confine.fork_apart(settings["confinement"]["clone"]) if handoff else fork_for_the_bench()
        if pid is None:
            break
        for descriptor in descriptors:
            os.close(descriptor)
        door.send(str(pid).encode())
        reap()

    os.setsid()
    door.close()
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(log)
    if handoff:
        confine.open_doors(*handoff, request["ports"])
        confine.stand_guard(*handoff)
        confine.confine(*handoff, settings["confinement"], request)
        if request["afresh"]:
            confine.start_afresh(request)
    ctypes.memmove(mark, request["folder"].encode()[:room].ljust(room, b"\0"), room)
    os.environ.clear()
    os.environ.update(request["variables"])
    time.tzset()
    boot.enter(request, make_read_only)
    warm.put_away()
    connect(pure_client)
    boot.run(request)


def import_beside(*names):
    """Modules from this file's folder, left in nobody's sight."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, here)
    try:
        return [__import__(name) for name in names]
    finally:
        sys.path.remove(here)
        for name in names:
            sys.modules.pop(name, None)


def import_from(layers):
    """Import the packages in the folders `layers`, as far as they can be."""
    sys.path[:0] = layers
    for layer in layers:
        for entry in sorted(os.listdir(layer)):
            name, extension = os.path.splitext(entry)
            if name.isidentifier() and (
                extension == ".py" or os.path.isfile(os.path.join(layer, entry, "__init__.py"))
            ):
                with contextlib.suppress(Exception):
                    __import__(name)
    del sys.path[: len(layers)]


def share_models(services):
    """Let a loader read the models of `services` once, and give boto3's default session that loader.

    The session itself is new, since one keeps the credentials of its first client.
    """
    import boto3
    import botocore.session

    used, fresh = botocore.session.Session(), botocore.session.Session()
    loader = used.get_component("data_loader")
    fresh.register_component("data_loader", loader)
    keys = {"aws_access_key_id": "none", "aws_secret_access_key": "none"}
    session = boto3.Session(botocore_session=used)
    for service in services:
        session.client(service, region_name="us-east-1", **keys)
    boto3.DEFAULT_SESSION = boto3.Session(botocore_session=fresh)


def connect(pure_client):
    """Give awslambdaric its `runtime_client`, which it did without in the template."""
    from awslambdaric import lambda_runtime_client

    del sys.modules["runtime_client"]
    if pure_client:
        sys.modules["runtime_client"] = pure_client
    import runtime_client

    runtime_client.initialize_client(lambda_runtime_client._user_agent())
    lambda_runtime_client.runtime_client = runtime_client


def reap():
    """Let go of guards that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def fork_for_the_bench():
    """The pid of a new process (0 when none could be made), or None in that process itself.

    The one between the two ends at once, so the new one becomes the child of the bench, which adopts orphans.
    """
    reading, writing = os.pipe()
    try:
        between = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        return 0
    if between == 0:
        try:
            pid = os.fork()
        except BaseException:
            os._exit(1)
        if pid == 0:
            os.close(reading)
            os.close(writing)
            return None
        os.write(writing, str(pid).encode())
        os._exit(0)
    os.close(writing)
    pid = int(os.read(reading, 32) or 0)
    os.close(reading)
    os.waitpid(between, 0)
    return pid


if __name__ == "__main__":
    serve()
