"""A process that has the managed runtime loaded, and forks a function's process for each request.

Started like boot.py, with `door` (the number of a Unix socket), `services` (whose boto3 clients it makes ahead),
`layers` and `spares` (how many processes it keeps ready while nothing is asked of it) in its settings. The variables of
the first function that it gets are answered with the names that it holds; then each request, one JSON document with the
descriptor of a log file, with the pid of a process, 0 when none could be made. {"ended": pid} is answered with what
waitpid gives for it. It ends when the bench closes the socket.

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
        import ctypes
        import gc
        import socket

        spare_processes = import_beside("spares")[0]
        confine = import_beside("confine")[0] if settings["confinement"] else None
        import_from(settings["layers"])
        warm_clients = import_beside("warm_clients")[0] if settings["services"] else None
        door = socket.socket(fileno=settings["door"])
        variables = json.loads(spare_processes.receive(door)[0])
        session = None
        if warm_clients:
            warm_clients.exercise(settings["services"])
            session = warm_clients.WarmSession(settings["services"], variables)
    with contextlib.suppress(OSError):
        ctypes.CDLL("libstdc++.so.6")  # which the native runtime_client needs
    library = ctypes.CDLL(None)
    library.getenv.restype = ctypes.c_void_p
    mark = library.getenv(FOLDER)
    room = len(os.environ[FOLDER.decode()])
    warm.put_away()
    gc.collect()
    gc.freeze()
    if confine:
        confine.hide()

    def rehearse():
        if warm_clients:
            warm.bring_back()
            warm_clients.exercise(settings["services"])
            warm.put_away()

    spares = spare_processes.Spares(settings["spares"], rehearse)
    door.send(json.dumps(warm.top_level).encode())
    while True:
        if spares.have_time(door):
            if taken := spares.fork():
                message, descriptors = taken
                request = settings | json.loads(message)
                log, *handoff = descriptors
                break
            continue
        message, descriptors = spare_processes.receive(door)
        if not message:
            return
        request = settings | json.loads(message)
        if "ended" in request:
            door.send(str(os.waitpid(request["ended"], 0)[1]).encode())
            continue
        log, *handoff = descriptors
        if session and not session.fits(request["variables"]):
            spares.dismiss()
            warm.bring_back()
            session = warm_clients.WarmSession(settings["services"], request["variables"])
            warm.put_away()
            gc.collect()  # the last one
        if handoff:
            pid = confine.fork_apart(settings["confinement"]["clone"])
        else:
            pid = spares.take(message, descriptors) or fork()
        if pid is None:
            break
        for descriptor in descriptors:
            os.close(descriptor)
        door.send(str(pid).encode())
        if handoff:
            reap()

    gc.freeze()
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
    if session:
        session.begin()
    boot.enter(request, make_read_only)
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


def fork():
    """The pid of a new process (0 when none could be made), or None in that process itself."""
    try:
        return os.fork() or None
    except OSError:
        return 0


if __name__ == "__main__":
    serve()
