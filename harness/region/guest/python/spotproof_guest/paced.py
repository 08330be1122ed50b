"""
A guest on the system's clock, scaled or not: an ordinary process. Its clocks show the region's time, and whatever waits for a time
waits at the region's pace; everything else is Python's own. Sockets keep their time-outs in real seconds: the region answers in moments.

Environment: SPOTPROOF_PACE (`scale:microseconds:nanoseconds`: how fast time passes, and what the region's clock and the machine's
monotonic one showed at one moment), SPOTPROOF_BOOT, SPOTPROOF_BIN, SPOTPROOF_PYTHON.
"""
import _thread
import os
import select
import selectors
import signal
import subprocess
import threading
import time

from . import locks, programs, times

_real_sleep = time.sleep
_monotonic_ns = time.monotonic_ns

_scale = 1.0
_start = 0
_monotonic_start = 0
_boot = 0


def present():
    """The region's time, microseconds since the epoch."""
    return _start + int((_monotonic_ns() - _monotonic_start) * _scale) // 1000


def real(seconds):
    """Seconds of the region's in real ones; None and negative ones, which mean no limit, stay."""
    return seconds if seconds is None or seconds < 0 else seconds / _scale


def sleep(seconds):
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    _real_sleep(seconds / _scale)


class Lock:
    """As threading.Lock, with time-outs at the region's pace."""

    __slots__ = ("_lock", "__weakref__")

    def __init__(self):
        self._lock = _thread.allocate_lock()

    def acquire(self, blocking=True, timeout=-1):
        return self._lock.acquire(blocking, real(timeout))

    def release(self):
        self._lock.release()

    def locked(self):
        return self._lock.locked()

    def _at_fork_reinit(self):
        self._lock = _thread.allocate_lock()

    acquire_lock, release_lock, locked_lock = acquire, release, locked

    def __enter__(self):
        return self._lock.acquire()

    def __exit__(self, *_):
        self._lock.release()

    def __repr__(self):
        return "<%s lock at %#x>" % ("locked" if self.locked() else "unlocked", id(self))


def _install_threads():
    locks.install(Lock)
    join = threading.Thread.join
    threading.Thread.join = lambda self, timeout=None: join(self, real(timeout))


def _install_select():
    wait = select.select
    select.select = lambda read, write, exceptional, timeout=None: wait(read, write, exceptional, real(timeout))
    for name in ("SelectSelector", "PollSelector", "EpollSelector", "KqueueSelector", "DevpollSelector"):
        kind = getattr(selectors, name, None)
        # SelectSelector stands on select.select, which is at the region's pace already.
        if kind is not None and name != "SelectSelector":
            kind.select = _paced_select(kind.select)


def _paced_select(wait):
    return lambda self, timeout=None: wait(self, real(timeout))


def _install_signals():
    setitimer, getitimer = signal.setitimer, signal.getitimer

    def scaled(pair):
        return tuple(value * _scale for value in pair)

    signal.setitimer = lambda which, seconds, interval=0.0: scaled(setitimer(which, seconds / _scale, interval / _scale))
    signal.getitimer = lambda which: scaled(getitimer(which))
    signal.alarm = lambda seconds: int(round(signal.setitimer(signal.ITIMER_REAL, seconds)[0]))
    if hasattr(signal, "sigtimedwait"):
        wait = signal.sigtimedwait
        signal.sigtimedwait = lambda signals, timeout: wait(signals, real(timeout))


def _install_processes():
    popen = subprocess.Popen
    subprocess._time = time.monotonic
    execute_child = popen._execute_child

    def execute_at_pace(self, args, executable, preexec_fn, close_fds, pass_fds, cwd, env, startupinfo, creationflags, shell, *rest):
        words = [args] if isinstance(args, (str, bytes, os.PathLike)) else list(args)
        given = executable if executable is not None else (None if shell else words[0])
        if given is not None:
            program = programs.resolve(os.fsdecode(given))
            if program != os.fsdecode(given):
                executable = program
        if env is not None:
            env = programs.environment(env)
        return execute_child(self, args, executable, preexec_fn, close_fds, pass_fds, cwd, env, startupinfo, creationflags, shell, *rest)

    popen._execute_child = execute_at_pace


def install():
    """Replaces everything; the pace may be told later."""
    times.install(present, lambda: _boot, sleep)
    _install_threads()
    _install_select()
    _install_signals()
    _install_processes()


def connect():
    """Takes the pace on that the environment tells."""
    global _scale, _start, _monotonic_start, _boot
    scale, start, monotonic = os.environ["SPOTPROOF_PACE"].split(":")
    _scale, _start, _monotonic_start = float(scale), int(start), int(monotonic)
    _boot = int(os.environ.get("SPOTPROOF_BOOT", "0"))
