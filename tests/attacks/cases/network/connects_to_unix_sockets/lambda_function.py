import glob
import socket

from honest import breach, lambda_handler, read

names = [line.split()[-1] for line in read("/proc/net/unix").splitlines()[1:] if len(line.split()) > 7]
names = [b"\0" + name[1:] if name.startswith(b"@") else name for name in names]
names += [b"\0museum-canary", b"/museum/home/agent.sock", b"/run/docker.sock", b"/run/dbus/system_bus_socket"]
names += [path.encode() for path in glob.glob("/tmp/*") + glob.glob("/run/*")]
for name in names:
    for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_UNIX, kind) as caller:
            caller.settimeout(0.1)
            try:
                caller.connect(name)
                breach("connected to", name)
            except OSError:
                pass
