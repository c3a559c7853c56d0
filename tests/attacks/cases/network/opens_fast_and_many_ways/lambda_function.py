import socket

from honest import breach, lambda_handler

MSG_FASTOPEN, MULTIPATH, SCTP = 0x20000000, 262, 132
for address in (("127.0.0.1", 18080), ("192.0.2.1", 80)):
    with socket.socket() as caller:
        caller.settimeout(0.1)
        try:
            caller.sendto(b"GET / HTTP/1.0\r\n\r\n", MSG_FASTOPEN, address)
            breach("fast open to", address)
        except OSError:
            pass
    for protocol in (MULTIPATH, SCTP):
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol) as caller:
                caller.settimeout(0.1)
                caller.connect(address)
                breach(f"protocol {protocol} to", address)
        except OSError:
            pass
