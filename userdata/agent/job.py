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

EX_TEMPFAIL = 75  # "I have saved: run me again"
OUTPUT_BYTES = 65536  # read of the job's output at a time
MOST_OUTPUT_BYTES = 1 << 20  # taken over into the log; of what comes after that only the end


class NotStarted(Exception):
    """The job command cannot be run; the text says why."""


class Job:
    """`folder` is the run's own and must not exist; the command runs in `files`, with `environment` added to ours. Raises
    NotStarted."""

    def __init__(self, command, files, folder, environment):
        self.status_path, self.output_path = os.path.join(folder, "status.json"), os.path.join(folder, "output")
        self.saves = os.path.join(folder, "saves")
        os.makedirs(self.saves)
        self.asked_at, self.killed = None, False
        self.text, self.read_bytes, self.partial = b"", 0, b""
        own = {"SPOTPROOF_SAVES_DIR": self.saves, "SPOTPROOF_STATUS_FILE": self.status_path}
        try:
            argv = shlex.split(command)
            if argv[:1] == ["python3"]:
                argv[0] = sys.executable
            with open(self.output_path, "wb") as output:
                self.process = subprocess.Popen(
                    argv, cwd=files, env={**os.environ, **environment, **own}, stdin=subprocess.DEVNULL, stdout=output,
                    stderr=subprocess.STDOUT)
        except (OSError, ValueError, IndexError) as error:
            raise NotStarted("the job command cannot be started: %r in %s: %s" % (command, files, error)) from error

    def on_exit(self, tell):
        """Calls `tell(exit code)` from a thread of its own once the process has gone."""
        threading.Thread(target=lambda: tell(self.process.wait()), daemon=True).start()

    def ask(self):
        """SIGTERM, once: save now and exit 75."""
        if self.asked_at is None:
            self.asked_at = time.monotonic()
            self.process.send_signal(signal.SIGTERM)

    def kill(self):
        self.killed = True
        self.process.kill()

    def end(self, seconds):
        """Makes sure that the process has gone: SIGTERM, and SIGKILL so many seconds later."""
        if self.process.poll() is None:
            self.ask()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
                self.process.wait()

    def status(self):
        """What the status file says, if that is new: (percent, save), save being None or (folder's path, percent, seconds that the
        job took to write it or None). None when it says nothing new. Raises ValueError when it does not keep to the contract."""
        try:
            with open(self.status_path, "rb") as file:
                text = file.read(OUTPUT_BYTES)
        except FileNotFoundError:
            return None
        if text == self.text:
            return None
        self.text = text
        try:
            status = json.loads(text)
            save = status.get("save")
            if save is not None:
                if os.path.basename(save["dir"]) != save["dir"] or save["dir"] in ("", ".", ".."):
                    raise ValueError("save.dir is not the name of a folder: %r" % save["dir"])
                save = (os.path.join(self.saves, save["dir"]), percent(save["percent"]), duration(save.get("seconds")))
            return percent(status["percent"]), save
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("%r lacks or mistypes a member: %s" % (text[:200], error)) from error

    def output(self, last=False):
        """The complete lines that the job has written since; with `last`, also an incomplete one, and skipping to the end."""
        size_bytes = os.stat(self.output_path).st_size
        if not last and (size_bytes == self.read_bytes or self.read_bytes >= MOST_OUTPUT_BYTES):
            return []
        if last and size_bytes - self.read_bytes > OUTPUT_BYTES:
            self.read_bytes, self.partial = size_bytes - OUTPUT_BYTES, b"[...]"
        with open(self.output_path, "rb") as file:
            file.seek(self.read_bytes)
            data = file.read(OUTPUT_BYTES)
        self.read_bytes += len(data)
        lines = (self.partial + data).split(b"\n")
        self.partial = b"" if last or len(lines[-1]) > OUTPUT_BYTES else lines.pop()
        return [line.decode(errors="replace") for line in lines if line]

    def discard(self, save):
        """Deletes a save that is no longer needed."""
        if save:
            shutil.rmtree(save[0], ignore_errors=True)

    def tail(self, size_bytes):
        """The end of what the job has written."""
        with open(self.output_path, "rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - size_bytes))
            return file.read().decode(errors="replace")


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
