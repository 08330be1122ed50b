"""The agent's log: JSON lines, on standard output (the journal) and in the file that becomes the instance's final log."""
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
        self.path, self.context = path, {}

    def __call__(self, event, level="info", **fields):
        entry = {"time": timestamp(time.time()), "level": level, "event": event, **self.context, **fields}
        line = json.dumps(entry, default=str) + "\n"
        try:  # a full disk or a closed journal must not end the job
            with open(self.path, "a") as file:
                file.write(line)
            sys.stdout.write(line)
            sys.stdout.flush()
        except OSError:
            pass
