"""
`open`, as a guest's Python has it: what it writes has room on the instance's volume or has not (`volume`), and the few files of the kernel's
that an instance has of its own are found where the region keeps them, in the folder beside the root: `/proc/PID/oom_score_adj`, `/proc/self/cgroup`,
`/sys/fs/cgroup`. All others of /proc and /sys are this machine's.

Environment: SPOTPROOF_ROOT (the guest's root), SPOTPROOF_UNIT (the unit to which the process belongs).
"""
import builtins
import io
import os
import re
import stat
import sys

from . import volume

_open = io.open
_OF_A_PROCESS = re.compile(r"/proc/(self|\d+)/(oom_score_adj|cgroup)")
_kernel = None  # the folder that stands for the kernel
_unit = ""


class File(io.FileIO):
    """A file whose writes need room."""

    def write(self, data):
        if volume.volume is not None:
            view = memoryview(data).cast("B")
            data = view[:volume.volume.room(self.fileno(), len(view))]
        return super().write(data)


def kernel_file(path, writes):
    """Where a file of the kernel's is kept for the guest; the path itself when it is none of those."""
    if _kernel is None or not isinstance(path, str) or not path.startswith(("/proc/", "/sys/fs/cgroup/")):
        return path
    match = _OF_A_PROCESS.fullmatch(path)
    if match is None:
        return _kernel + path if path.startswith("/sys/") else path
    pid, name = match.groups()
    own = os.path.join(_kernel, "proc", str(os.getpid()) if pid == "self" else pid, name)
    if writes and name == "oom_score_adj":
        os.makedirs(os.path.dirname(own), exist_ok=True)
        return own
    return own if os.path.exists(own) else os.path.join(_kernel, "units", _unit, name)


def opened(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    if _kernel is None or not isinstance(mode, str):
        return _open(file, mode, buffering, encoding, errors, newline, closefd, opener)
    kinds = [each for each in mode if each in "wax"]
    file = kernel_file(file, bool(kinds) or "+" in mode)
    binary = "b" in mode
    is_plain = not kinds and "+" not in mode
    is_wrong = len(kinds) > 1 or len(set(mode)) < len(mode) or set(mode) - set("rwaxbt+") or "r" in mode and kinds or binary and (
        "t" in mode or not (encoding is errors is newline is None)) or not binary and buffering == 0
    if is_plain or is_wrong:
        return _open(file, mode, buffering, encoding, errors, newline, closefd, opener)
    raw = File(file, "".join(each for each in mode if each in "rwax+"), closefd, opener)
    try:
        if buffering == 0:
            return raw
        is_line_buffered = buffering == 1 or buffering < 0 and raw.isatty()
        buffer = (io.BufferedRandom if "+" in mode else io.BufferedWriter)(raw, buffering if buffering > 1 else getattr(raw, "_blksize", io.DEFAULT_BUFFER_SIZE))
        if binary:
            return buffer
        text = io.TextIOWrapper(buffer, encoding, errors, newline, is_line_buffered)
        text.mode = mode
        return text
    except BaseException:
        raw.close()
        raise


def install():
    builtins.open = io.open = opened
    volume.install()


def reopen_output():
    """The interpreter opened its standard output and error before it was here."""
    for number, name in ((1, "stdout"), (2, "stderr")):
        stream = getattr(sys, name)
        if _kernel is None or stream is None or not stat.S_ISREG(os.fstat(number).st_mode):
            continue
        raw = File(number, "w", closefd=False)
        buffer = raw if stream.write_through else io.BufferedWriter(raw)
        renewed = io.TextIOWrapper(buffer, stream.encoding, stream.errors, line_buffering=stream.line_buffering, write_through=stream.write_through)
        setattr(sys, name, renewed)
        setattr(sys, "__%s__" % name, renewed)


def connect():
    """The machine that the environment names, if it names one: a program that is no instance's has none."""
    global _kernel, _unit
    root = os.environ.get("SPOTPROOF_ROOT")
    if root is None:
        return
    _kernel, _unit = root + ".machine", os.environ.get("SPOTPROOF_UNIT", "")
    figures = os.path.join(_kernel, "volume")
    if os.path.exists(figures):
        volume.connect(root, figures)
