"""The agent's log: JSON lines, on standard output (the journal), in the file that becomes the instance's final log and,
without the job's own output, wherever else they are sent."""
import json
import os
import sys
import time


def timestamp(seconds):
    """Epoch seconds as ISO 8601 in UTC, to the millisecond."""
    whole, milliseconds = divmod(int(seconds * 1000), 1000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + ".%03dZ" % milliseconds


class Log:
    """Called with an event's name and its fields; `context` (job, launch, epoch) goes into every line."""

    def __init__(self, path):
        self.path, self.context, self.early, self.send, self.cut = path, {}, [], None, False

    def send_to(self, send):
        """Calls `send` (epoch seconds, line) with each line, beginning with those that are there already."""
        for line in self.early:
            send(*line)
        self.send = send

    def __call__(self, event, level="info", **fields):
        now = time.time()
        entry = {"time": timestamp(now), "level": level, "event": event, **self.context, **fields}
        line = json.dumps(entry, default=str) + "\n"
        if event != "job-output":
            if self.send:
                self.send(now, line[:-1])
            else:
                self.early.append((now, line[:-1]))
        for write in (self.to_file, to_journal):
            try:  # a full disk or a closed journal must not end the job, nor keep the line from the other
                write(line)
            except OSError:
                pass

    def to_file(self, line):
        try:
            with open(self.path, "a") as file:
                file.write("\n" + line if self.cut else line)
            self.cut = False
        except OSError:  # what there is no room for may be there in part
            self.cut = True
            raise


def to_journal(line):
    sys.stdout.write(line)
    sys.stdout.flush()
