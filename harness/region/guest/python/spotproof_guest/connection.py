"""
The clock, from a guest's side. A thread that yields (sleeps, waits) sends one line and reads one: `G` when it has the turn again,
`I SIGNAL` when it has it together with a signal. Requests that do not yield are answered at once. The end of the stream is
the end of the region. Times are integer microseconds since the epoch; NEVER stands for no limit.
"""
import _socket
import _thread
import mmap
import os

_read, _write = os.read, os.write

NEVER = -1
SECOND = 1_000_000

_local = _thread._local()
_path = None
_present = None
boot = 0
deliver = None  # set by signals: handles a signal in the turn with which it came
_last_key = 0


class Connection:
    """One thread's. The descriptor is bare, so that it stays open until the process has really ended."""

    def __init__(self, actor):
        stream = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        stream.connect(_path)
        self.descriptor = stream.detach()
        self._buffer = b""
        self._withheld = None
        self.block(b"H %s %d" % (actor.encode(), os.getpid()))

    def _line(self):
        while True:
            line, newline, rest = self._buffer.partition(b"\n")
            if newline:
                self._buffer = rest
                if line[:2] in (b"H ", b"T "):
                    self._withheld = line
                    continue
                return line
            self._receive()

    def _receive(self):
        try:
            data = _read(self.descriptor, 4096)
        except OSError:
            data = b""
        if not data:
            os._exit(137)
        self._buffer += data

    def hear(self):
        """Takes in what the clock says unasked: that an answer is withheld, or under way."""
        while not self._buffer.endswith(b"\n"):
            self._receive()
        self._withheld, self._buffer = self._buffer[:-1], b""

    def take_withheld(self):
        """(key of the answer that is withheld from this thread, when it will have arrived: None if nobody knows), once; None when
        none is."""
        if self._buffer[:2] in (b"H ", b"T "):  # it came together with the turn
            self.hear()
        line, self._withheld = self._withheld, None
        if line is None:
            return None
        _, key, *until = line.split()
        return key, int(until[0]) if until else None

    def await_withheld(self, key, until):
        """Waits on the clock until what is withheld may come, or the time is over."""
        while self.block(b"V %s %d" % (key, until)) is not None:
            pass

    def tell(self, message):
        """Sends without waiting for an answer."""
        message += b"\n"
        try:
            while message:
                message = message[_write(self.descriptor, message):]
        except OSError:
            os._exit(137)

    def ask(self, message):
        """A request that does not yield; the answer's words."""
        self.tell(message)
        return self._line().split()

    def block(self, message):
        """Yields until the turn comes back. Returns the signal that came with it and was handled, or None."""
        self.tell(message)
        answer = self._line().split()
        if answer[0] == b"G":
            return None
        number = int(answer[1])
        deliver(number)
        return number

    def end(self):
        """The thread is over and gives its turn up for good."""
        self.tell(b"E")
        os.close(self.descriptor)


def open_clock(folder, boot_time):
    """Names the clock's folder: `socket`, and `present` with the time in 8 bytes, little-endian."""
    global _path, _present, boot
    _path = os.path.join(folder, "socket")
    boot = boot_time
    file = os.open(os.path.join(folder, "present"), os.O_RDONLY)
    try:
        _present = memoryview(mmap.mmap(file, 8, prot=mmap.PROT_READ)).cast("q")
    finally:
        os.close(file)


def present():
    """The time, microseconds since the epoch."""
    return _present[0]


def sleep(seconds):
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    until = present() + duration(seconds)
    here = need()
    here.block(b"S %d" % until)
    while present() < until:  # a signal's handler came in between
        here.block(b"S %d" % until)


def install_select():
    """A select that waits for nothing but time waits on the clock."""
    import select

    real = select.select

    def wait(read, write, exceptional, timeout=None):
        if timeout and not (read or write or exceptional):
            sleep(timeout)
            return [], [], []
        return real(read, write, exceptional, timeout)

    select.select = wait


def join(actor):
    """Gives the calling thread its seat; returns with the turn."""
    _local.connection = Connection(actor)


def leave():
    connection = _local.connection
    _local.connection = None
    connection.end()


def current():
    """The calling thread's connection, or None: a thread that is not on the clock (it only moves data)."""
    return getattr(_local, "connection", None)


def need():
    connection = current()
    if connection is None:
        raise RuntimeError("this thread is not on the region's clock: start it with threading.Thread, not with _thread")
    return connection


class raw:
    """Within it the calling thread waits on real locks: for what another thread does without a turn, in moments."""

    def __enter__(self):
        self._before = getattr(_local, "raw", False)
        _local.raw = True

    def __exit__(self, *_):
        _local.raw = self._before


def is_raw():
    return getattr(_local, "raw", False)


def deadline(timeout):
    """A time-out in seconds, None for none, as a time of the clock."""
    return NEVER if timeout is None else present() + duration(timeout)


def duration(seconds):
    """Microseconds; at least one, unless there is no time at all: who waits for the rest of a time must see it pass."""
    return max(1, round(seconds * SECOND)) if seconds > 0 else 0


def passed(until):
    return until != NEVER and present() >= until


def new_key():
    """A name for one wait, unique among the process's: for `B` and `U`."""
    global _last_key
    _last_key += 1
    return b"%d.%d" % (os.getpid(), _last_key)
