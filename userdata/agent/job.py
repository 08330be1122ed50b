"""One run of the job command: a child process that talks through its status file, its saves folder and its exit code."""
import json
import math
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time

from output import Output

MOST_STATUS_BYTES = 65536
FIRST_TO_GO = "500"  # the job's oom_score_adj: when memory runs out, the kernel ends it before the agent
REST_SECONDS = 60  # what a job's processes have to end in after its first one, once they have been asked
REST_LOOK_SECONDS = 0.5


class NotStarted(Exception):
    """The job command cannot be run; the text says why."""


class Job:
    """`folder` is the run's own and must not exist; the command runs in `files`, with `environment` added to ours, as the first
    process of a group and session of its own. Raises NotStarted, and OSError when the folder cannot be made."""

    def __init__(self, command, files, folder, environment, allowance):
        self.status_path = os.path.join(folder, "status.json")
        self.saves = os.path.join(folder, "saves")
        os.makedirs(self.saves)
        self.output = Output(os.path.join(folder, "output"), allowance)
        self.asked_at, self.ended_at, self.killed, self.left_behind = None, None, False, False
        self.text = b""
        output = self.output.open()
        own = {"SPOTPROOF_SAVES_DIR": self.saves, "SPOTPROOF_STATUS_FILE": self.status_path}
        try:
            argv = shlex.split(command)
            if argv[:1] == ["python3"]:
                argv[0] = sys.executable
            self.process = subprocess.Popen(
                argv, cwd=files, env={**os.environ, **environment, **own}, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True)
        except (OSError, ValueError, IndexError) as error:
            raise NotStarted("the job command cannot be started: %r in %s: %s" % (command, files, error)) from error
        finally:
            output.close()
        try:
            with open("/proc/%d/oom_score_adj" % self.process.pid, "w") as file:
                file.write(FIRST_TO_GO)
        except OSError:
            pass  # it has ended already

    def on_exit(self, tell):
        """Calls `tell(exit code)` from a thread of its own once every process of the job has gone."""
        threading.Thread(target=lambda: tell(self.wait()), daemon=True).start()

    def wait(self):
        """Waits for the first process, and then for those that it left behind: they may still save when they were asked to; else
        no one will ever wait for them. Its exit code is returned."""
        code = self.process.wait()
        until = time.monotonic() + REST_SECONDS
        while self.asked_at is not None and time.monotonic() < until and self.signal(0):
            time.sleep(REST_LOOK_SECONDS)
        self.left_behind, self.ended_at = self.signal(signal.SIGKILL), time.monotonic()
        return code

    def signal(self, number):
        """Sends a signal to every process of the job; whether there is any."""
        try:
            os.killpg(self.process.pid, number)
            return True
        except ProcessLookupError:
            return False

    def ask(self):
        """SIGTERM, once: save now and exit 75."""
        if self.asked_at is None:
            self.asked_at = time.monotonic()
            self.signal(signal.SIGTERM)

    def kill(self):
        self.killed = True
        self.signal(signal.SIGKILL)

    def end(self, seconds):
        """Makes sure that every process has gone: SIGTERM, and SIGKILL so many seconds later."""
        if self.process.poll() is None:
            self.ask()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.killed = True
        self.signal(signal.SIGKILL)
        self.process.wait()

    def status(self):
        """What the status file says, if that is new: (percent, save), save being None or (folder's path, percent, seconds that the
        job took to write it or None). None when it says nothing new. Raises ValueError when it does not keep to the contract."""
        try:  # whatever stands there: a pipe without a writer would hold the agent up
            with open(os.open(self.status_path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
                text = file.read(MOST_STATUS_BYTES)
        except FileNotFoundError:
            return None
        if text == self.text:
            return None
        self.text = text
        try:
            status = json.loads(text)
            save = status.get("save")
            return percent(status["percent"]), save and (self.folder(save["dir"]), percent(save["percent"]), duration(save.get("seconds")))
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError("%r lacks or mistypes a member: %s" % (text[:200], error)) from error

    def folder(self, name):
        """Where the save of that name is. Raises ValueError, TypeError."""
        os.fsencode(name)
        if os.path.basename(name) != name or name in ("", ".", "..") or "\0" in name:
            raise ValueError("save.dir is not the name of a folder in SPOTPROOF_SAVES_DIR: %r" % name)
        path = os.path.join(self.saves, name)
        if os.path.islink(path):
            raise ValueError("save.dir is a link, which may lead out of SPOTPROOF_SAVES_DIR: %r" % name)
        return path

    def discard(self, save):
        """Deletes a save that is no longer needed."""
        if save:
            shutil.rmtree(save[0], ignore_errors=True)


def percent(value):
    """A number from 0 to 100. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 100:
        raise ValueError("a percentage from 0 to 100 is wanted, not %r" % (value,))
    return value


def duration(value):
    """Seconds from 0, or None. Raises ValueError."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf):
        raise ValueError("a number of seconds is wanted, not %r" % (value,))
    return value
