"""time, datetime and select on the region's clock. The C types of datetime are edited in place, so isinstance and pickle hold."""
import time

from . import connection
from .connection import SECOND, present

_REALTIME = {getattr(time, name) for name in ("CLOCK_REALTIME", "CLOCK_TAI") if hasattr(time, name)}
_MONOTONIC = {getattr(time, name) for name in ("CLOCK_MONOTONIC", "CLOCK_MONOTONIC_RAW", "CLOCK_BOOTTIME") if hasattr(time, name)}


def sleep(seconds):
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    until = present() + round(seconds * SECOND)
    here = connection.need()
    here.block(b"S %d" % until)
    while present() < until:  # a signal's handler came in between
        here.block(b"S %d" % until)


def now():
    return present() / SECOND


def now_ns():
    return present() * 1000


def monotonic():
    return (present() - connection.boot) / SECOND


def monotonic_ns():
    return (present() - connection.boot) * 1000


def install():
    time.sleep = sleep
    time.time, time.time_ns = now, now_ns
    time.monotonic = time.perf_counter = monotonic
    time.monotonic_ns = time.perf_counter_ns = monotonic_ns
    _install_clock_gettime()
    for name in ("localtime", "gmtime", "ctime"):
        setattr(time, name, _by_default_now(getattr(time, name)))
    strftime, asctime = time.strftime, time.asctime
    time.strftime = lambda form, when=None: strftime(form, time.localtime() if when is None else when)
    time.asctime = lambda when=None: asctime(time.localtime() if when is None else when)
    _install_datetime()
    _install_select()


def _by_default_now(function):
    return lambda seconds=None: function(now() if seconds is None else seconds)


def _install_clock_gettime():
    gettime, gettime_ns = time.clock_gettime, time.clock_gettime_ns

    def nanoseconds(clock):
        if clock in _REALTIME:
            return now_ns()
        return monotonic_ns() if clock in _MONOTONIC else None

    def clock_gettime(clock):
        value = nanoseconds(clock)
        return gettime(clock) if value is None else value / 1e9

    def clock_gettime_ns(clock):
        value = nanoseconds(clock)
        return gettime_ns(clock) if value is None else value

    time.clock_gettime, time.clock_gettime_ns = clock_gettime, clock_gettime_ns


def _install_datetime():
    import ctypes
    import datetime
    import gc

    def edit(kind, name, function):
        gc.get_referents(kind.__dict__)[0][name] = classmethod(function)
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))

    utc = datetime.timezone.utc
    edit(datetime.datetime, "now", lambda cls, tz=None: cls.fromtimestamp(now(), tz))
    edit(datetime.datetime, "utcnow", lambda cls: cls.fromtimestamp(now(), utc).replace(tzinfo=None))
    edit(datetime.datetime, "today", lambda cls: cls.fromtimestamp(now()))
    edit(datetime.date, "today", lambda cls: cls.fromtimestamp(now()))


def _install_select():
    import select

    real = select.select

    def wait(read, write, exceptional, timeout=None):
        if timeout and not (read or write or exceptional):
            sleep(timeout)
            return [], [], []
        return real(read, write, exceptional, timeout)

    select.select = wait
