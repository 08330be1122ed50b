"""
Signals are messages of the clock: they come with a turn, and their handler runs in it, in the main thread. A real signal (a shell
that calls kill) is turned into such a message, so that a handler never runs outside a turn.
"""
import _signal
import os
import signal

from . import connection

_real_signal = signal.signal
_real_kill = os.kill
_handlers = {}
_IGNORED_BY_DEFAULT = {getattr(signal, name) for name in ("SIGCHLD", "SIGCONT", "SIGURG", "SIGWINCH")}
_main = None


def _arrived(number, _frame):
    """A real signal: asks the clock to deliver it."""
    if connection.current() is not None:
        connection.current().tell(b"A %d" % number)
    else:
        deliver(number)


def deliver(number):
    """Does what the process has chosen to do on that signal; called with the turn."""
    handler = getsignal(number)
    if callable(handler):
        handler(number, None)
    elif handler == signal.SIG_DFL and number not in _IGNORED_BY_DEFAULT:
        _real_signal(number, signal.SIG_DFL)
        _real_kill(os.getpid(), number)


def set_handler(number, handler):
    before = getsignal(number)
    _real_signal(number, _arrived if callable(handler) else handler)
    _handlers[int(number)] = handler
    return before


def getsignal(number):
    return _handlers.get(int(number), signal.SIG_DFL) if int(number) in _handlers else _getsignal(number)


_getsignal = signal.getsignal


def pause():
    here = connection.need()
    key = connection.new_key()
    while here.block(b"B %s %d" % (key, connection.NEVER)) is None:
        pass


def raise_signal(number):
    if connection.current() is None:
        return _signal.raise_signal(number)
    deliver(number)


def install():
    connection.deliver = deliver
    signal.signal, signal.getsignal, signal.pause, signal.raise_signal = set_handler, getsignal, pause, raise_signal
