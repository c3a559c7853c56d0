import socket

from honest import breach, lambda_handler

FAMILIES = {
    "AF_NETLINK": 16,
    "AF_PACKET": 17,
    "AF_VSOCK": 40,
    "AF_ALG": 38,
    "AF_BLUETOOTH": 31,
    "AF_CAN": 29,
    "AF_TIPC": 30,
}
FAMILIES |= {"AF_RDS": 21, "AF_XDP": 44, "AF_KEY": 15, "AF_X25": 9, "AF_QIPCRTR": 42}
for name, number in FAMILIES.items():
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        try:
            socket.socket(number, kind).close()
            breach("a socket of", name)
        except OSError:
            pass
for protocol in (socket.IPPROTO_ICMP, socket.IPPROTO_RAW, socket.IPPROTO_TCP):
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, protocol).close()
        breach("a raw socket", protocol)
    except OSError:
        pass
