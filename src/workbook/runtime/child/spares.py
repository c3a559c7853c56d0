"""Processes that a template forks while nobody asks for one, each waiting to become a function's.

What a fork costs is then paid before the function is wanted: the fork itself, and the copies of the pages that are
written to first.
"""

import array
import os
import select
import socket

QUIET_SECONDS = 0.2  # without a request, after which there is time for another spare
MAX_MESSAGE = 256 * 1024


def receive(door):
    """The next message with its descriptors; empty when the other end is closed."""
    message, ancillary, _, _ = door.recvmsg(MAX_MESSAGE, socket.CMSG_SPACE(8))
    return message, array.array("i", b"".join(data for _, _, data in ancillary))


class Spares:
    """Up to `count` of them. `rehearse` is called in each, before it waits."""

    def __init__(self, count, rehearse):
        self._count, self._rehearse = count, rehearse
        self._waiting = []  # pids, with the sockets on which they wait

    def have_time(self, door):
        """Whether another one is wanted, and nothing comes in at the door."""
        return len(self._waiting) < self._count and not select.select([door], [], [], QUIET_SECONDS)[0]

    def fork(self):
        """In the template None; in the new process, once it is taken, its message with its descriptors."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            pid = os.fork()
        except OSError:
            self._count = 0  # no room for them
            ours.close()
            theirs.close()
            return None
        if pid:
            theirs.close()
            self._waiting.append((pid, ours))
            return None
        for _, other in [*self._waiting, (0, ours)]:
            other.close()
        self._rehearse()
        with theirs:
            taken = receive(theirs)
        return taken if taken[0] else os._exit(0)

    def take(self, message, descriptors):
        """Give the message to one of them: its pid, or None when there is none."""
        while self._waiting:
            pid, door = self._waiting.pop(0)
            with door:
                try:
                    socket.send_fds(door, [message], descriptors)
                    return pid
                except OSError:  # it has ended
                    os.waitpid(pid, 0)
        return None

    def dismiss(self):
        """They do not fit any more."""
        for pid, door in self._waiting:
            door.close()
            os.waitpid(pid, 0)
        self._waiting.clear()
