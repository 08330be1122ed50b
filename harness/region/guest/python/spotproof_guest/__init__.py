"""
What makes a Python process of a guest live on the region's clock. The scripts themselves run unchanged. There are two ways:

On virtual time whatever waits or tells the time is replaced by a call to the clock (a unix socket, one connection a thread) or a look
at its memory-mapped present, and a thread runs when it has the turn.

connection   the clock: turns, and the present time
network      sockets to the region, whose answers may be withheld
threads      locks, threads, queues
signals      signals, which are messages here
processes    subprocess, os.kill, os.waitpid
randomness   random, os.urandom, uuid, secrets
refusals     what a guest cannot do, refused by name

Environment: SPOTPROOF_CLOCK (folder with the clock's socket and present), SPOTPROOF_ACTOR (this process's actor),
SPOTPROOF_SEED, SPOTPROOF_BOOT (microseconds: when the guest's operating system started).

Where time passes by itself, scaled or not:

paced        clocks and waits at the region's pace; the rest is Python's own

Both: times (time, datetime), locks (what threading stands on), programs (which program a name stands for, a child's environment), files
(open, and the kernel's files), volume (the room on the instance's disk).
"""
import os

from . import connection, files, network, paced, processes, randomness, refusals, signals, threads, times

# The public names that install() replaces, by module, where this Python has them.
REPLACED = {
    "time": (
        "time", "time_ns", "sleep", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "clock_gettime", "clock_gettime_ns",
        "gmtime", "localtime", "asctime", "ctime", "strftime"),
    "datetime": ("date.today", "datetime.now", "datetime.utcnow", "datetime.today"),
    "select": ("select",),
    "socket": ("socket.connect", "socket.recv", "socket.recv_into"),
    "threading": ("Lock", "Thread.start", "Thread.join", "Thread.is_alive"),
    "queue": ("SimpleQueue",),
    "signal": ("signal", "getsignal", "raise_signal", "pause"),
    "subprocess": ("Popen.communicate", "Popen.send_signal"),
    "os": ("kill", "killpg", "waitpid", "urandom", "getrandom", "write", "writev", "pwrite", "pwritev", "posix_fallocate", "sendfile",
           "copy_file_range", "splice", "mkdir", "statvfs", "fstatvfs"),
    "builtins": ("open",),
    "random": ("seed", "Random.seed"),
}


def install(is_paced):
    """Replaces everything; needs no clock yet, so that a parent of many guests can do it once, before it forks."""
    files.install()
    if is_paced:
        paced.install()
        return
    times.install(connection.present, lambda: connection.boot, connection.sleep)
    connection.install_select()
    network.install()
    threads.install()
    signals.install()
    randomness.install()
    processes.install()
    refusals.install()


def connect():
    """Joins the clock that the environment names; on virtual time, as the actor that it names, and with the turn."""
    if "SPOTPROOF_PACE" in os.environ:
        paced.connect()
        return
    actor = os.environ.pop("SPOTPROOF_ACTOR")
    randomness.seed("%s/%s" % (os.environ.get("SPOTPROOF_SEED", ""), actor))
    connection.open_clock(os.environ["SPOTPROOF_CLOCK"], int(os.environ.get("SPOTPROOF_BOOT", "0")))
    connection.join(actor)


def begin():
    install("SPOTPROOF_PACE" in os.environ)
    files.connect()
    files.reopen_output()
    connect()
