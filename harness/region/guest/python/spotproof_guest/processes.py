"""
Child processes on the region's clock. A child has a seat before it starts; it has exited when the clock says so, and only then does
the parent really wait for it. Python scripts are forked from the region's pre-imported parent when nothing speaks against it: that
takes milliseconds instead of tenths of a second. Programs that are not Python are followed by the region from outside.
"""
import _thread
import io
import json
import os
import select
import signal
import socket
import subprocess
import sys

from . import connection, programs
from .connection import NEVER

_actors = {}  # pid: actor, for the children of this process
_real_kill = os.kill
_real_waitpid = os.waitpid
_real_poll = select.select


def is_python(program, arguments):
    """Whether the process will put itself on the clock: Python, and not told to ignore its environment."""
    if program != os.environ.get("SPOTPROOF_PYTHON") and not programs.PYTHON.match(os.path.basename(program)):
        return False
    for argument in arguments[1:]:
        if not argument.startswith("-") or argument in ("-", "-c", "-m"):
            break
        if not argument.startswith("--") and set(argument[1:]) & set("IES"):
            return False
    return True


def _environment(given, actor):
    """The child's environment, with its own seat on the clock."""
    return {**programs.environment(given), "SPOTPROOF_ACTOR": actor}


def _gone(actor):
    """None while the child runs; afterwards its exit code, or "" when only the operating system knows it."""
    answer = connection.need().ask(b"P " + actor)
    if answer[1] == b"0":
        return None
    return int(answer[2]) if len(answer) > 2 else ""


def _wait_for(actor, until):
    """Waits on the clock for the child's end; false when time is up."""
    while _gone(actor) is None:
        connection.need().block(b"W %s %d" % (actor, until))
        if connection.passed(until) and _gone(actor) is None:
            return False
    return True


class _ChildPipe(io.FileIO):
    """The parent's end of a child's output: who reads it while it is empty gives the turn up, so that the child can write."""

    def _await_data(self):
        here, news = connection.current(), b"D 1"
        while here is not None and not _real_poll([self.fileno()], [], [], 0)[0]:
            here.block(news)
            news = b"D 0"

    def readinto(self, buffer):
        self._await_data()
        return super().readinto(buffer)

    def read(self, size=-1):
        if size is None or size < 0:
            return self.readall()
        self._await_data()
        return super().read(size)

    def readall(self):
        parts = []
        while True:
            self._await_data()
            part = super().read(65536)
            if not part:
                return b"".join(parts)
            parts.append(part)


def _on_clock(stream):
    """The same stream over a pipe that is read on the clock."""
    if stream is None:
        return None
    text = stream if isinstance(stream, io.TextIOBase) else None
    buffered = stream.buffer if text is not None else stream
    raw = getattr(buffered, "raw", buffered)
    pipe = _ChildPipe(os.dup(raw.fileno()), "rb")
    raw.close()
    if buffered is not raw:
        pipe = io.BufferedReader(pipe)
    if text is None:
        return pipe
    return io.TextIOWrapper(pipe, encoding=text.encoding, errors=text.errors)


class _Drain:
    """Moves a pipe's data on a thread that has no turn, while the child runs."""

    def __init__(self, work):
        self.result = None
        self._done = _thread.allocate_lock()
        self._done.acquire()

        def run():
            try:
                self.result = work()
            except (OSError, ValueError):
                pass
            finally:
                self._done.release()

        _thread.start_new_thread(run, ())

    def wait(self):
        """Data of a child that has gone is there in moments; what somebody else still holds open comes with its turns."""
        news = b"D 1"
        while not self._done.acquire(True, 1):
            connection.need().block(news)
            news = b"D 0"
        self._done.release()
        return self.result


def install():
    popen = subprocess.Popen
    subprocess._USE_POSIX_SPAWN = False
    import time

    subprocess._time = time.monotonic
    initialize, execute_child = popen.__init__, popen._execute_child
    real_wait, real_poll, real_send = popen._wait, popen._internal_poll, popen.send_signal

    def initialize_on_clock(self, *arguments, **options):
        self._actor = self._code = self._drains = None
        initialize(self, *arguments, **options)
        if self._actor is not None:
            self.stdout, self.stderr = _on_clock(self.stdout), _on_clock(self.stderr)

    def execute_child_on_clock(self, args, executable, preexec_fn, close_fds, pass_fds, cwd, env, startupinfo, creationflags, shell, *rest):
        if isinstance(args, (str, bytes, os.PathLike)):
            args = [args]
        args = [os.fsdecode(each) for each in args]
        program = programs.resolve(os.fsdecode(executable) if executable is not None else ("/bin/sh" if shell else args[0]))
        python = not shell and is_python(program, args)
        here = connection.need()
        name = " ".join(args)[:4096].encode("utf-8", "replace").replace(b"\n", b" ")
        actor = here.ask(b"R " + name)[1]
        environment = _environment(env, actor.decode())
        # What follows restore_signals differs between versions; what matters is whether an identity or group is asked for.
        pipes, others = rest[:6], rest[7:]
        plain = preexec_fn is None and not pass_fds and all(each is None or each == -1 or isinstance(each, bool) for each in others)
        try:
            if python and plain and os.environ.get("SPOTPROOF_FORK") and forkable(args):
                self._child_created = True
                # gid, gids, uid, umask, start_new_session, and in newer Pythons process_group
                group = None if others[4] or others[5:] and others[5] == 0 else os.getpgrp()
                self.pid = _fork(program, args, cwd, environment, pipes, actor, group)
                self._code = ""
                self._close_pipe_fds(*pipes)
            else:
                if executable is not None or program != args[0]:
                    executable = program
                execute_child(self, args, executable, preexec_fn, close_fds, pass_fds, cwd, environment, startupinfo, creationflags,
                              shell, *rest)
        except BaseException:
            here.ask(b"F " + actor)
            raise
        self._actor = actor
        _actors[self.pid] = actor
        if python:
            here.ask(b"N %s %d %s" % (actor, self.pid, b"python" if self._code is None else b"forked" if group is None else b"forked %d" % group))
        else:
            here.block(b"N %s %d program" % (actor, self.pid))

    def poll_on_clock(self, *arguments, **options):
        if self.returncode is None and getattr(self, "_actor", None) is not None:
            if connection.current() is None or sys.is_finalizing():
                return None
            code = _gone(self._actor)
            if code is None:
                return None
            _settle(self, code)
            return self.returncode
        return real_poll(self, *arguments, **options) if hasattr(self, "_actor") else None

    def _settle(self, code):
        """The clock says that the child is gone."""
        if self.returncode is None:
            if self._code is not None:
                self.returncode = code
            else:
                real_wait(self, None)
        _actors.pop(self.pid, None)

    def wait_on_clock(self, timeout):
        if self._actor is None:
            return real_wait(self, timeout)
        if self.returncode is None:
            if not _wait_for(self._actor, connection.deadline(timeout)):
                raise subprocess.TimeoutExpired(self.args, timeout)
            _settle(self, _gone(self._actor))
        return self.returncode

    def send_on_clock(self, number):
        if self._actor is None:
            return real_send(self, number)
        if self.poll() is None and number:
            connection.need().ask(b"K %s %d" % (self._actor, number))

    def communicate_on_clock(self, input=None, timeout=None):
        if self._actor is None:
            raise ValueError("the process was not started")
        if self._drains is None:
            self._drains = {}
            if self.stdin:
                self._drains["stdin"] = _Drain(lambda: _feed(self.stdin, input))
            for name in ("stdout", "stderr"):
                stream = getattr(self, name)
                if stream:
                    self._drains[name] = _Drain(stream.read)
        try:
            self.wait(timeout)
        except subprocess.TimeoutExpired as late:
            raise subprocess.TimeoutExpired(self.args, timeout) from late
        results = {name: drain.wait() for name, drain in self._drains.items()}
        for stream in (self.stdout, self.stderr):
            if stream:
                stream.close()
        return results.get("stdout"), results.get("stderr")

    popen.__init__, popen._execute_child = initialize_on_clock, execute_child_on_clock
    popen._internal_poll, popen._wait = poll_on_clock, wait_on_clock
    popen.send_signal, popen.communicate = send_on_clock, communicate_on_clock
    os.kill, os.killpg, os.waitpid = kill, killpg, waitpid


def _feed(stream, data):
    try:
        if data:
            stream.write(data)
    finally:
        stream.close()


def forkable(arguments):
    """Whether the command line is one that the pre-imported parent can carry out: a script, with or without -u."""
    rest = [argument for argument in arguments[1:] if argument != "-u"]
    return bool(rest) and not rest[0].startswith("-")


def _fork(program, arguments, folder, environment, pipes, actor, group):
    """Has the pre-imported parent fork the child with these pipes; its pid. Its process group is its own (None), or that one in
    the eyes of the guest. Raises what a failing start raises."""
    child_ends = [pipes[0], pipes[3], pipes[5]]
    descriptors = [standard if end == -1 else end for standard, end in enumerate(child_ends)]
    request = {"arguments": arguments, "folder": os.fsdecode(folder) if folder is not None else os.getcwd(), "environment": environment,
               "parent": os.getpid(), "actor": actor.decode(), "group": group}
    if not os.path.isdir(request["folder"]):
        raise FileNotFoundError(2, "No such file or directory", request["folder"])
    with socket.socket(socket.AF_UNIX) as parent:
        parent.connect(os.environ["SPOTPROOF_FORK"])
        data = json.dumps(request).encode() + b"\n"
        sent = socket.send_fds(parent, [data], descriptors)
        if sent < len(data):  # sending nothing would still fail when the answer is there and the other end closed
            parent.sendall(data[sent:])
        answer = b""
        while not answer.endswith(b"\n"):
            part = parent.recv(64)
            if not part:
                raise OSError("the region's Python parent has gone")
            answer += part
    return int(answer)


def kill(pid, number):
    """Signals are messages; only the guest's own processes can be reached."""
    if pid == os.getpid():
        if number in (0,):
            return
        if number in (signal.SIGKILL, signal.SIGSTOP):
            _real_kill(pid, number)
        signal.raise_signal(number)
        return
    if pid in (0, -1):
        return killpg(os.getpgrp() if pid == 0 else 0, number)
    _tell(b"KP %d %d" % (pid, number))


def killpg(group, number):
    _tell(b"KG %d %d" % (group, number))


def _tell(message):
    if connection.need().ask(message)[0] != b"K":
        raise ProcessLookupError(3, "No such process")


def waitpid(pid, options):
    actor = _actors.get(pid)
    if actor is None:
        if pid <= 0:
            from .refusals import refuse

            refuse("os.waitpid for any child", "wait for each by its pid, or use subprocess")
        return _real_waitpid(pid, options)
    if options & os.WNOHANG and _gone(actor) is None:
        return 0, 0
    _wait_for(actor, NEVER)
    code = _gone(actor)
    _actors.pop(pid, None)
    if code == "":
        return _real_waitpid(pid, 0)
    return pid, (-code if code < 0 else code << 8)
