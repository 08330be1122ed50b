"""What happens to the instance while the main thread works: events from the monitor, the operating system, the ledger, the job and the heart."""
import math
import queue
import threading
import time

from ledger import Superseded
from log import timestamp

WHYS = (None, "migrate", "notice", "terminate")  # why the instance is to leave, the stronger the later
NEARER_SECONDS = 5  # a deadline that is nearer by less is the same one, told by another clock


class Inbox:
    """Filled from any thread and from the signal handler, which must take no lock; read by the main thread, which shows here
    that it has not hung."""

    def __init__(self, log):
        self.log, self.events, self.ended = log, queue.SimpleQueue(), threading.Event()
        self.why, self.deadline, self.recommended = None, math.inf, False
        self.stop = None  # why the job must end now
        self.job = None  # the process that an interruption must reach
        self.seen = threading.Event()  # the main thread, alive
        self.wakes = []  # queues of threads that must know of an interruption at once
        self.alive()

    def alive(self):
        """The main thread says that it has not hung."""
        self.alive_at = time.monotonic()
        self.seen.set()

    def seen_alive(self):
        """Waits until the main thread says so, from now on. False: it has ended."""
        self.seen.clear()
        if not self.ended.is_set():
            self.seen.wait()
        return not self.ended.is_set()

    def end(self):
        """The main thread has ended."""
        self.ended.set()
        self.seen.set()

    def tell(self, event):
        """Takes an event; of an interruption or a recommendation only what is new in it."""
        kind, value = event
        if kind in WHYS:
            new = WHYS.index(kind) > WHYS.index(self.why) or value < self.deadline - NEARER_SECONDS
            self.deadline = min(self.deadline, value)
            if WHYS.index(kind) > WHYS.index(self.why):
                self.why = kind
            if kind == "terminate":
                self.end_job()
            if not new:
                return
            self.wake()
        elif kind == "rebalance":
            if self.recommended:
                return
            self.recommended = True
        self.events.put(event)

    def ends(self, lease_seconds):
        """When a lease ends that begins now, in whole epoch seconds: at the deadline, if there is one."""
        return int(time.time() + lease_seconds if self.deadline == math.inf else self.deadline)

    def end_job(self):
        """The job has to save for the last time; it learns so at once, even while the main thread uploads."""
        self.stop = self.stop or self.why or "migrate"
        if self.job:
            self.job.ask()

    def wake(self):
        for wake in self.wakes:
            wake.put(None)

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
            self.log(event.kind, "warning", **({} if event.value == math.inf else {"at": timestamp(event.value)}))
        return event
