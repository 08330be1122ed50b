"""Tells Step Functions and the ledger that the agent lives, while its main thread does."""
import time

from ledger import Superseded
from monitor import Event

ALIVE_SECONDS = 30  # the main thread has hung if it was not seen alive for so long: longer than `clients` lets a request last


def heart(inbox, calls, task, progress, heartbeat_seconds):
    """Beats until the agent ends: the task is told, and the ledger when the main thread has not told it lately."""
    period = heartbeat_seconds / 3
    while True:
        try:
            if time.monotonic() - inbox.alive_at < ALIVE_SECONDS:
                calls.attempt(task.beat)
                if progress.ledger.epoch and time.monotonic() - progress.told_at > max(period, 1.5 * progress.publish_seconds):
                    calls.attempt(progress.tell)
        except Superseded as error:
            inbox.tell(Event("superseded", str(error)))
            return
        if inbox.ended.wait(period):
            return
