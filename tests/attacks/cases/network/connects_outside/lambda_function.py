import socket

from honest import breach, lambda_handler

for family, address in (
    (socket.AF_INET, "192.0.2.1"),
    (socket.AF_INET, "198.51.100.7"),
    (socket.AF_INET6, "2001:db8::1"),
):
    for port in (80, 443, 8080):
        with socket.socket(family) as caller:
            caller.settimeout(0.1)
            if caller.connect_ex((address, port)) == 0:
                breach("connected to", (address, port))
