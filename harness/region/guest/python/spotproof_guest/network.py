"""
Sockets to the region, on its clock. An answer comes in the turn in which it was asked for, so a socket waits for it in real time; only
when the region says that the network withholds it (`H KEY` on the thread's connection) does the wait become one on the clock, to end
with the answer or with the socket's own time-out. While bytes are under way (`T KEY UNTIL`) no time-out ends the wait. A connection is asked for first: where the network drops it, nobody answers.
"""
import errno
import os
import select
import socket
import weakref

from . import connection

# How long Linux tries when the socket has no time-out: to connect (tcp_syn_retries, 6), and to have what was sent acknowledged
# (tcp_retries2, 15). https://docs.kernel.org/networking/ip-sysctl.html
_CONNECT_SECONDS = 127
_ANSWER_SECONDS = 924.6

_real_connect = socket.socket.connect
_real_recv = socket.socket.recv
_real_recv_into = socket.socket.recv_into
_poll = select.poll
_ours = weakref.WeakSet()


def _is_region(sock, address):
    ports = os.environ.get("SPOTPROOF_NETWORK")
    return bool(ports) and sock.family == socket.AF_INET and isinstance(address, tuple) and str(address[1]) in ports.split(",")


def _out_of_time(timeout):
    if timeout is not None:
        return socket.timeout("timed out")
    return TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))


def connect(self, address):
    here = connection.current()
    timeout = self.gettimeout()
    if here is None or timeout == 0 or not _is_region(self, address):
        return _real_connect(self, address)
    until = connection.deadline(_CONNECT_SECONDS if timeout is None else timeout)
    while True:
        key = here.ask(b"O %d" % address[1])[1]
        if key == b"0":
            break
        here.await_withheld(key, until)
        if connection.passed(until):
            raise _out_of_time(timeout)
    _real_connect(self, address)
    _ours.add(self)


def _await_answer(sock):
    """Returns once there is something to read, or the end of it."""
    here = connection.current()
    timeout = sock.gettimeout()
    if here is None or timeout == 0 or sock not in _ours:
        return
    until = None
    poll = _poll()
    poll.register(sock, select.POLLIN)
    poll.register(here.descriptor, select.POLLIN)
    while True:
        withheld = here.take_withheld()
        if withheld is None:
            if any(descriptor == sock.fileno() for descriptor, _ in poll.poll()):
                return
            here.hear()
            continue
        key, arrival = withheld
        if arrival is not None:
            here.await_withheld(key, arrival)
            continue
        if until is None:
            until = connection.deadline(_ANSWER_SECONDS if timeout is None else timeout)
        here.await_withheld(key, until)
        if connection.passed(until):
            raise _out_of_time(timeout)


def recv(self, size, flags=0):
    if flags == 0:
        _await_answer(self)
    return _real_recv(self, size, flags)


def recv_into(self, buffer, nbytes=0, flags=0):
    if flags == 0:
        _await_answer(self)
    return _real_recv_into(self, buffer, nbytes, flags)


def install():
    socket.socket.connect, socket.socket.recv, socket.socket.recv_into = connect, recv, recv_into
