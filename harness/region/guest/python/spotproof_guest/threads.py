"""
Threads on the region's clock. One lock class carries everything that threading builds on locks (conditions, events, semaphores,
queues): who finds it taken gives the turn up until it is released. Every Thread has a seat of its own.
"""
import _thread

from . import connection, locks
from .connection import NEVER


class Lock:
    """As threading.Lock. On the clock a lock that is taken is held by a thread that waits, so one waits for it on the clock, too."""

    __slots__ = ("_lock", "_waiting", "__weakref__")

    def __init__(self):
        self._lock = _thread.allocate_lock()
        self._waiting = []

    def acquire(self, blocking=True, timeout=-1):
        if self._lock.acquire(False):
            return True
        if not blocking:
            return False
        here = connection.current()
        if here is None or connection.is_raw():
            return self._lock.acquire(True, timeout)
        until = NEVER if timeout < 0 else connection.deadline(timeout)
        key = connection.new_key()
        self._waiting.append(key)
        try:
            while True:
                here.block(b"B %s %d" % (key, until))
                if self._lock.acquire(False):
                    return True
                if connection.passed(until):
                    return False
        finally:
            self._waiting.remove(key)

    def release(self):
        self._lock.release()
        if self._waiting:
            here = connection.current()
            if here is not None:
                here.ask(b"U " + self._waiting[0])

    def locked(self):
        return self._lock.locked()

    def _at_fork_reinit(self):
        self._lock = _thread.allocate_lock()
        self._waiting = []

    acquire_lock, release_lock, locked_lock = acquire, release, locked

    def __enter__(self):
        self.acquire()
        return True

    def __exit__(self, *_):
        self.release()

    def __repr__(self):
        return "<%s lock at %#x>" % ("locked" if self.locked() else "unlocked", id(self))


def install():
    import threading

    locks.install(Lock)
    thread = threading.Thread
    start, join, is_alive, shutdown = thread.start, thread.join, thread.is_alive, threading._shutdown

    def start_on_clock(self):
        if getattr(self, "_seat", None) is not None:
            return start(self)  # which says that threads start only once
        seat = connection.need().ask(b"R thread " + self.name.encode("utf-8", "replace").replace(b"\n", b" "))[1]
        run = self.run

        def run_in_turns():
            connection.join(seat.decode())
            try:
                run()
            except BaseException:  # as threading would report it, but while this thread still has its turn
                self._invoke_excepthook(self)
            finally:
                connection.leave()

        self._seat, self.run = seat, run_in_turns
        try:
            with connection.raw():
                start(self)
        except BaseException:
            connection.need().ask(b"F " + seat)
            raise

    def over(self):
        return connection.need().ask(b"P " + self._seat)[1] == b"1"

    def join_on_clock(self, timeout=None):
        here = connection.current()
        if here is None or getattr(self, "_seat", None) is None or self is threading.current_thread():
            return join(self, timeout)
        until = NEVER if timeout is None else connection.deadline(max(0, timeout))
        while not over(self):
            here.block(b"W %s %d" % (self._seat, until))
            if connection.passed(until) and not over(self):
                return
        join(self)  # its last turn is over: this takes moments

    def is_alive_on_clock(self):
        if connection.current() is not None and getattr(self, "_seat", None) is not None and over(self):
            if is_alive(self):
                join(self)
            return False
        return is_alive(self)

    def shutdown_on_clock():
        if connection.current() is not None:
            for call in reversed(threading._threading_atexits):
                call()
            threading._threading_atexits.clear()
            for other in threading.enumerate():
                if not other.daemon and other is not threading.current_thread():
                    other.join()
        shutdown()

    thread.start, thread.join, thread.is_alive = start_on_clock, join_on_clock, is_alive_on_clock
    threading._shutdown = shutdown_on_clock
