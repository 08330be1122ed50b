"""
The pre-imported parent of a region's guests: it has imported boto3 once, and forks a guest's process in milliseconds.

Standard input: one JSON line a request, {"id", "arguments", "folder", "environment", "output"}: run that command line with
its output appended to that file; a Python script is run in the fork itself, anything else is executed; {"clean"}: a folder to remove at the end. Standard output: {"ready": …},
{"id", "pid"} for each request, {"pid", "code", "forked"} for each process that ended (minus the signal's number, if one ended it),
descendants that lost their parent included (`forked` is false then). A second way in is the unix socket named by the first argument: a guest's process hands over its
child's descriptors, and is answered with the pid. The second argument says how what is forked lives with the clock: `turns` or `paced`.

When standard input ends, whatever ended it, everything that was forked here is killed, and folders to clean are removed.
"""
import os
import sys

fork, execve = os.fork, os.execve  # before they are refused to guests
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import spotproof_guest  # noqa: E402
from spotproof_guest import connection, files  # noqa: E402

IS_PACED = sys.argv[2] == "paced"
connection.open_clock(os.path.dirname(sys.argv[1]), 0)
import select  # noqa: E402
import signal  # noqa: E402

real_select, real_signal, real_kill, real_waitpid = select.select, signal.signal, os.kill, os.waitpid
spotproof_guest.install(IS_PACED)

import atexit  # noqa: E402
import ctypes  # noqa: E402
import gc  # noqa: E402
import io  # noqa: E402
import json  # noqa: E402
import shutil  # noqa: E402
import socket  # noqa: E402
import threading  # noqa: E402
import traceback  # noqa: E402
import types  # noqa: E402

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
WARM_SERVICES = ("dynamodb", "s3", "stepfunctions", "cloudwatch")
START_FOLDER = os.getcwd()


def prctl(option, value):
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def import_ahead():
    """What agents and jobs import, and one loader that has read the services' models. Clients made here do not survive."""
    import argparse, base64, collections, datetime, hashlib, logging, math, pathlib, queue, random  # noqa: E401, F401
    import subprocess, tarfile, tempfile, urllib.request, uuid, zipfile  # noqa: E401, F401

    import boto3
    import boto3.s3.transfer  # noqa: F401
    import botocore.config  # noqa: F401
    import botocore.credentials
    import botocore.loaders
    import botocore.session

    loader = botocore.loaders.create_loader()
    create = botocore.loaders.create_loader
    botocore.session.create_loader = lambda search_path_string=None: loader if search_path_string is None else create(search_path_string)
    session = boto3.Session(region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none")
    for service in WARM_SERVICES:
        session.client(service)
    return boto3.__version__


def tell_of(error, trace):
    """As the interpreter tells of an exception that nobody has caught; what cannot be told is left out."""
    error.__traceback__ = trace
    try:
        if sys.excepthook is not sys.__excepthook__:
            sys.excepthook(type(error), error, trace)
        else:  # which goes around a standard error that it cannot write to
            sys.stderr.write("".join(traceback.format_exception(type(error), error, trace)))
            sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        pass


def own_frames(trace):
    """A traceback without what is the guest's and not the script's: the interpreter on an instance would have none of it."""
    if trace is None:
        return None
    following = own_frames(trace.tb_next)
    if trace.tb_frame.f_code.co_filename.startswith(HERE + os.sep):
        return following
    return types.TracebackType(following, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)


def run_script(arguments):
    """The script as the interpreter would run it; the exit code."""
    script = next(argument for argument in arguments[1:] if argument != "-u")
    sys.argv = arguments[arguments.index(script):]
    sys.path[:] = [os.path.dirname(os.path.abspath(script))] + [path for path in sys.path if path != HERE] + [HERE]
    sys.modules["__main__"] = main = types.ModuleType("__main__")
    main.__file__ = script
    main.__builtins__ = __builtins__
    try:
        try:
            with open(script, "rb") as file:
                source = file.read()
        except OSError as error:
            print("%s: can't open file %r: [Errno %d] %s" % (sys.executable, os.path.abspath(script), error.errno, error.strerror), file=sys.stderr)
            return 2
        exec(compile(source, script, "exec"), main.__dict__)
    except SystemExit as leaving:
        if leaving.code is None or isinstance(leaving.code, int):
            return (leaving.code or 0) & 0xFF
        print(leaving.code, file=sys.stderr)
        return 1
    except BaseException as error:
        tell_of(error, own_frames(error.__traceback__))
        return 130 if isinstance(error, KeyboardInterrupt) else 1
    return 0


def leave(code):
    """Ends the process as the interpreter does, short of taking its memory apart."""
    try:
        threading._shutdown()
        atexit._run_exitfuncs()
    except BaseException as error:
        tell_of(error, error.__traceback__)
        code = code or 1
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            code = code or 120
    os._exit(code)


def complain(text):
    """To standard error, which may be full or closed: whatever happens, a fork must not go on as its parent."""
    try:
        os.write(2, text.encode())
    except OSError:
        pass


def become(request, descriptors, close):
    """The forked process: takes on everything that the request says, and runs."""
    code = 127
    try:
        os.setsid()
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.set_wakeup_fd(-1)
        real_signal(signal.SIGCHLD, signal.SIG_DFL)
        if descriptors is None:
            output = os.open(request["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            descriptors = [os.open(os.devnull, os.O_RDONLY), output, output]
        # Above the standard three first, so that none is overwritten before it is copied.
        high = [os.dup(descriptor) if descriptor < 3 else descriptor for descriptor in descriptors]
        for number, descriptor in enumerate(high):
            os.dup2(descriptor, number)
        for descriptor in set(high) | set(descriptors):
            if descriptor > 2:
                os.close(descriptor)
        close()
        os.environ.clear()
        os.environ.update(request["environment"])
        os.chdir(request["folder"])
        arguments = request["arguments"]
        if not request["python"]:
            program = shutil.which(arguments[0], path=os.environ.get("PATH")) or arguments[0]
            execve(program, arguments, request["environment"])
        connection._local.__dict__.clear()
        files.connect()
        sys.stdin = open(0, closefd=False)
        unbuffered = "-u" in arguments[1:2] or bool(os.environ.get("PYTHONUNBUFFERED"))
        sys.stdout = open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False, buffering=1 if os.isatty(1) else -1)
        sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False, buffering=1)
        if unbuffered:
            sys.stdout, sys.stderr = (io.TextIOWrapper(files.File(number, "w", closefd=False), encoding="utf-8", errors=errors, write_through=True)
                                      for number, errors in ((1, "surrogateescape"), (2, "backslashreplace")))
        sys.__stdout__, sys.__stderr__, sys.__stdin__ = sys.stdout, sys.stderr, sys.stdin
        if request.get("parent"):
            os.getppid = lambda parent=request["parent"]: parent
        if request.get("group"):
            os.getpgrp = lambda group=request["group"]: group
        for path in reversed(os.environ.get("PYTHONPATH", "").split(os.pathsep)):
            if path and path not in sys.path:
                sys.path.insert(1, path)
        spotproof_guest.connect()
        code = run_script(arguments)
    except OSError as error:
        complain("%s: %s\n" % (request["arguments"][0], error))
    except BaseException:
        complain(traceback.format_exc())
    if not IS_PACED and connection.current() is None:
        os._exit(code)
    leave(code)


class Zygote:
    def __init__(self, path):
        self.children = set()
        self.folders = {os.path.dirname(path)}
        self.input = b""
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(16)
        self.wake, self.wake_writer = os.pipe()
        for end in (self.wake, self.wake_writer):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self.wake_writer, warn_on_full_buffer=False)
        real_signal(signal.SIGCHLD, lambda *_: None)

    def tell(self, **message):
        data = json.dumps(message).encode() + b"\n"
        while data:
            data = data[os.write(1, data):]

    def fork(self, request, descriptors, close=lambda: None):
        pid = fork()
        if pid == 0:
            def close_all():
                close()
                self.listener.close()
                os.close(self.wake)
                os.close(self.wake_writer)

            become(request, descriptors, close_all)
        self.children.add(pid)
        return pid

    def accept(self):
        """A guest's process asks for a child."""
        asking, _ = self.listener.accept()
        with asking:
            data, descriptors, _, _ = socket.recv_fds(asking, 65536, 3)
            while data and not data.endswith(b"\n"):
                part = asking.recv(65536)
                if not part:
                    break
                data += part
            if data.endswith(b"\n") and len(descriptors) == 3:
                request = json.loads(data)
                request["python"] = True
                pid = self.fork(request, descriptors, asking.close)
                asking.sendall(b"%d\n" % pid)
            for descriptor in descriptors:
                os.close(descriptor)

    def read(self):
        """Requests of the host; false at the end of the input."""
        data = os.read(0, 65536)
        self.input += data
        while b"\n" in self.input:
            line, self.input = self.input.split(b"\n", 1)
            request = json.loads(line)
            if "clean" in request:
                self.folders = {folder for folder in self.folders if os.path.isdir(folder)} | {request["clean"]}
                continue
            self.tell(id=request["id"], pid=self.fork(request, None))
        return bool(data)

    def reap(self):
        try:
            os.read(self.wake, 4096)
        except BlockingIOError:
            pass
        while True:
            try:
                pid, status = real_waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            forked = pid in self.children
            self.children.discard(pid)
            self.tell(pid=pid, code=os.waitstatus_to_exitcode(status), forked=forked)

    def run(self):
        while True:
            ready, _, _ = real_select([0, self.listener, self.wake], [], [])
            if self.wake in ready:
                self.reap()
            if self.listener in ready:
                self.accept()
            if 0 in ready and not self.read():
                return

    def end(self):
        """Kills whatever descends from here, again and again until nothing does."""
        for _ in range(1000):
            for pid in self.children | set(descendants()):
                try:
                    real_kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            try:
                pid, _ = real_waitpid(-1, 0)
                self.children.discard(pid)
            except ChildProcessError:
                return


def descendants(root=None):
    """Pids of all processes below that one; only where there is /proc."""
    found, stack = [], [os.getpid() if root is None else root]
    while stack:
        pid = stack.pop()
        try:
            for task in os.listdir("/proc/%d/task" % pid):
                with open("/proc/%d/task/%s/children" % (pid, task)) as file:
                    children = [int(each) for each in file.read().split()]
                found += children
                stack += children
        except OSError:
            pass
    return found


def main():
    zygote = Zygote(sys.argv[1])
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    try:
        version = import_ahead()
        gc.collect()
        gc.freeze()
        zygote.tell(ready=True, python=sys.executable, boto3=version)
        zygote.run()
    except (BrokenPipeError, KeyboardInterrupt):
        pass
    except BaseException:
        traceback.print_exc()
    finally:
        try:
            zygote.end()
            for folder in zygote.folders:
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            os._exit(0)


if __name__ == "__main__":
    main()
