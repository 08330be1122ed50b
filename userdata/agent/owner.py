"""The owner's side of an interruption, in two threads of its own: `converse` speaks to the ledger and the task, and may wait
for an answer; `alarm` sees to it that the last save begins in time, whatever the network does. What they do is decided by
`handoff.owner`."""
import math
import queue
import time

import handoff
from ledger import Superseded
from monitor import Event

LOOK_SECONDS = 1  # between looks at the ledger during a handoff
LEAST_WAIT_SECONDS = 0.1  # clocks may disagree by a little on when the moment has come
ALIVE_SECONDS = 30  # for a main thread that was not seen alive for so long no lease is written: longer than `clients` lets a request last
AGAIN_SECONDS = 30  # before a registration that failed is tried again


class Owner:
    """`saves` knows how long a save takes, `lease_seconds` is how long the job is this owner's while nothing but the ledger
    vouches for it and AWS has named no deadline."""

    def __init__(self, ledger, task, progress, saves, targets, inbox, calls, lease_seconds, log):
        self.ledger, self.task, self.progress, self.saves, self.inbox, self.calls = ledger, task, progress, saves, inbox, calls
        self.targets, self.lease_seconds, self.log = targets, lease_seconds, log
        self.runs = False  # the job, for the first time
        self.state = None  # what the ledger has been told beyond "working"
        self.wakes = queue.SimpleQueue(), queue.SimpleQueue()
        inbox.wakes += self.wakes

    def converse(self):
        """Hands over at an interruption, and then looks at the ledger until the job is released."""
        wake, _ = self.wakes
        while True:
            action = self.decide()
            if action in (None, "stop"):
                return
            try:
                if action == "hand-over" and time.monotonic() - self.inbox.alive_at < ALIVE_SECONDS:
                    self.announce("handing-over")
                if action == "save" and self.state != "saving":
                    self.announce("saving")
                if self.inbox.why:
                    self.calls.attempt(self.answer)
                self.attend_targets(action)
                wait(wake, LOOK_SECONDS if self.inbox.why else AGAIN_SECONDS if self.runs and self.targets.pending() else None)
                if self.inbox.why and self.ledger.epoch:
                    self.calls.attempt(self.ledger.read)
            except Superseded as error:
                self.inbox.tell(Event("superseded", str(error)))
                return

    def attend_targets(self, action):
        if action == "save":
            self.targets.deregister()
        elif self.runs and not self.inbox.why:
            self.targets.register()

    def alarm(self):
        """Looks at the clock when the last safe moment has come, or may have come nearer."""
        _, wake = self.wakes
        while self.decide() in ("work", "hand-over"):
            last = handoff.last_moment(self.inbox.deadline, self.saves.seconds())
            wait(wake, None if last == math.inf else max(last - time.time(), LEAST_WAIT_SECONDS))

    def decide(self):
        """What is to be done, as far as is known; what needs no answer from anyone is done. None: the job is not ours any more."""
        inbox, me, item = self.inbox, self.ledger.me, self.ledger.latest
        if not me["epoch"]:
            return None
        deadline = None if inbox.deadline == math.inf else inbox.deadline
        action = handoff.owner(item, me, inbox.why, time.time(), deadline, self.saves.seconds())
        if action == "save":
            inbox.end_job()
        elif action == "stop":
            inbox.tell(Event("superseded", "the owner's epoch is %s, ours is %d" % (item.get("ownerEpoch"), me["epoch"])))
        return action

    def announce(self, state):
        """Tells the ledger how this owner goes on, and until when. Raises Superseded."""
        ends = self.inbox.ends(self.lease_seconds)
        with self.ledger.lock:
            if not self.ledger.epoch or not self.calls.attempt(self.ledger.announce, ownerState=state, ownerDeadline=ends):
                return
        if state != self.state:
            self.state = state
            self.log(state, "warning", reason=self.inbox.stop or self.inbox.why, deadline=ends)

    def answer(self):
        """Ends the task, but not this owner's work: the next instance is launched at once. Of a job that is released the main
        thread knows the outcome, and answers."""
        why, percent = self.inbox.why, self.ledger.latest.get("last", {}).get("percent", 0)
        outcome = "migrate" if why == "migrate" else "notice"
        with self.task.answering:
            epoch = self.ledger.epoch
            if not epoch or self.task.answered:
                return
            waited = self.task.succeed(outcome=outcome, percent=percent, epoch=epoch, reason=why, deadline=self.inbox.ends(self.lease_seconds))
        if waited:
            self.log("answered", outcome=outcome, reason=why)

    def working(self):
        """The job runs; the ledger is told so, unless it has been told more."""
        with self.ledger.lock:
            if not (self.state or self.inbox.why):
                self.calls.attempt(self.ledger.announce, ownerState="working")
        if not self.runs:
            self.runs = True
            self.inbox.wake()

    def release(self, **changes):
        """The owner's last write. Raises as Ledger.write and Calls.persist."""
        with self.ledger.lock:
            try:
                self.calls.persist(self.ledger.write, ownerState="released", **changes)
            finally:
                self.ledger.epoch = 0
        self.inbox.wake()


def wait(wake, seconds):
    """Until something is put into the queue, at most so long (None: for ever)."""
    try:
        wake.get(timeout=seconds)
    except queue.Empty:
        pass
