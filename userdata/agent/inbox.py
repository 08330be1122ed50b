"""What happens to the instance while the main thread works: events from the monitor, the operating system, the job and the heart."""
import math
import queue
import threading
import time

from ledger import Superseded
from log import timestamp


class Inbox:
    """Filled from any thread, read by the main thread, which shows here that it has not hung."""

    def __init__(self, log):
        self.log, self.events, self.ended = log, queue.SimpleQueue(), threading.Event()
        self.stop, self.deadline = None, math.inf  # what interrupts the job, and when the instance is gone
        self.job = None  # the process that an interruption must reach
        self.announce = None  # called once by the main thread when the job is to end early
        self.alive()

    def alive(self):
        """The main thread says that it has not hung."""
        self.alive_at = time.monotonic()

    def tell(self, event):
        """Takes an event. An interruption reaches the job at once, even while the main thread uploads."""
        if event.kind in ("notice", "terminate"):
            self.deadline = min(self.deadline, event.value)
            self.stop = self.stop or event.kind
            if self.job:
                self.job.ask()
        self.events.put(event)

    def next(self, seconds):
        """Waits for an event, at most so long, and logs it. Raises Superseded when that is the event."""
        self.alive()
        try:
            event = self.events.get(timeout=max(seconds, 0))
        except queue.Empty:
            return None
        if event.kind == "superseded":
            raise Superseded(event.value)
        if event.kind != "exit":
            self.log(event.kind, "warning", at=timestamp(event.value))
        if self.stop and self.announce:
            announce, self.announce = self.announce, None
            announce()
        return event
