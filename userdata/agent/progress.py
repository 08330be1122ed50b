"""How far the job is, and who is told: the ledger, then CloudWatch."""
import time

PUBLISH_SECONDS = 10  # between publications, at least


class Progress:
    """`percent` of the job is worked, `record` is the checkpoint that is committed (None before the first)."""

    def __init__(self, ledger, metrics, calls):
        self.ledger, self.metrics, self.calls = ledger, metrics, calls
        self.percent, self.record = 0, None
        self.publish_seconds, self.told_at = PUBLISH_SECONDS, 0

    def sample(self):
        checkpointed = self.record["percent"] if self.record else 0
        self.metrics.sample(time.time(), checkpointed, max(0, self.percent - checkpointed))

    def publish(self):
        """Sends the progress to the ledger and then, as its owner is known to be this one, the samples. Raises Superseded."""
        if self.calls.attempt(self.tell):
            self.calls.inbox.alive()
            self.calls.attempt(self.metrics.publish)

    def tell(self):
        """Tells the ledger. Raises Superseded and what a request raises."""
        self.told_at = time.monotonic()
        self.ledger.write(progressPercent=self.percent, progressAt=int(time.time()))
