"""time and datetime as the region's clock has them. The C types of datetime are edited in place, so isinstance and pickle hold."""
import time

_REALTIME = {getattr(time, name) for name in ("CLOCK_REALTIME", "CLOCK_TAI") if hasattr(time, name)}
_MONOTONIC = {getattr(time, name) for name in ("CLOCK_MONOTONIC", "CLOCK_MONOTONIC_RAW", "CLOCK_BOOTTIME") if hasattr(time, name)}


SECOND = 1_000_000
_present = _boot = None


def now():
    return _present() / SECOND


def now_ns():
    return _present() * 1000


def monotonic():
    return (_present() - _boot()) / SECOND


def monotonic_ns():
    return (_present() - _boot()) * 1000


class _Builtin:
    """A function that, as those in C, does not become a method when it is a member of a class (`Formatter.converter = time.gmtime`)."""

    __slots__ = ("_function", "__name__")

    def __init__(self, name, function):
        self._function, self.__name__ = function, name

    def __call__(self, *arguments):
        return self._function(*arguments)

    def __repr__(self):
        return "<built-in function %s>" % self.__name__


def _replace(name, function):
    setattr(time, name, _Builtin(name, function))


def install(present, boot, sleep):
    """`present` and `boot` give microseconds since the epoch, now and when the guest's operating system started."""
    global _present, _boot
    _present, _boot = present, boot
    for name, function in (("sleep", sleep), ("time", now), ("time_ns", now_ns), ("monotonic", monotonic), ("monotonic_ns", monotonic_ns),
                           ("perf_counter", monotonic), ("perf_counter_ns", monotonic_ns)):
        _replace(name, function)
    _install_clock_gettime()
    for name in ("localtime", "gmtime", "ctime"):
        _replace(name, _by_default_now(getattr(time, name)))
    strftime, asctime = time.strftime, time.asctime
    _replace("strftime", lambda form, when=None: strftime(form, time.localtime() if when is None else when))
    _replace("asctime", lambda when=None: asctime(time.localtime() if when is None else when))
    _install_datetime()


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

    _replace("clock_gettime", clock_gettime)
    _replace("clock_gettime_ns", clock_gettime_ns)


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
