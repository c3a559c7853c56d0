import socket

from honest import breach, lambda_handler

QUERY = b"\xaa\xaa\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x06secret\x07example\x00\x00\x01\x00\x01"
for address in (("127.0.0.1", 5353), ("192.0.2.1", 53), ("169.254.169.254", 53), ("255.255.255.255", 53)):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.settimeout(0.1)
        try:
            sender.sendto(QUERY, address)
            breach("an answer from", (address, sender.recv(100)))
        except OSError:
            pass
try:
    breach("a name's address", socket.getaddrinfo("secret.example.com", 80))
except OSError:
    pass
