"""Tells Step Functions and the ledger that the agent lives, as its main thread shows that it does."""
import time

from ledger import Superseded
from monitor import Event


def heart(inbox, calls, task, progress, heartbeat_seconds):
    """Beats until the agent ends: the task is told, and the ledger when the main thread has not told it lately. A beat that is due
    waits until the main thread shows a sign of life: once it hangs there is none, whatever the other threads do."""
    period = heartbeat_seconds / 3  # a request may keep the main thread silent for another third
    while inbox.seen_alive():
        try:
            calls.attempt(task.beat)
            if progress.ledger.epoch and time.monotonic() - progress.told_at > max(period, 1.5 * progress.publish_seconds):
                calls.attempt(progress.tell)
        except Superseded as error:
            inbox.tell(Event("superseded", str(error)))
            return
        if inbox.ended.wait(period):
            return
