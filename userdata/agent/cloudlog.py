"""The agent's log in CloudWatch Logs, so that one query tells what happened to a job while it runs and after its instances have gone.

As well as possible: it is sent from a thread of its own, in batches; what cannot be sent is dropped and counted, and nothing
of it holds the job up. The job's own output is not in it; that is in the final log.
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
"""
import queue
import threading

from botocore.exceptions import BotoCoreError, ClientError

GATHER_SECONDS = 2  # from the first line of a batch until it is sent
MOST_WAITING = 1000  # lines; further ones are dropped
MOST_LINES, MOST_BYTES = 500, 200_000  # of a batch: a request takes 10,000 and 1 MB
MOST_LINE_BYTES = 16_000  # a longer line is cut off
AGAIN_SECONDS = 10  # before a batch that was refused is sent again
TRIES = 3
END_SECONDS = 5  # for what is left, at the end


class CloudLog:
    """Takes lines from any thread once it is made; `group` must exist, `stream` is made if need be."""

    def __init__(self, logs, group, stream):
        self.logs, self.place = logs, {"logGroupName": group, "logStreamName": stream}
        self.lines, self.dropped, self.made = queue.SimpleQueue(), 0, False
        self.ended, self.sent = threading.Event(), threading.Event()

    def __call__(self, seconds, line):
        """Takes a line that was written at `seconds` (epoch)."""
        if self.lines.qsize() < MOST_WAITING:
            self.lines.put({"timestamp": int(seconds * 1000), "message": line.encode()[:MOST_LINE_BYTES].decode(errors="ignore")})
        else:
            self.dropped += 1

    def run(self):
        """Sends what comes until the end; for a thread of its own."""
        last = False
        while not last:
            batch = [self.lines.get()]
            self.ended.wait(GATHER_SECONDS)
            last = self._fill(batch)
            if batch:
                self._send(batch)
        self.sent.set()

    def end(self):
        """Waits until what was taken is sent, but not for long."""
        self.ended.set()
        self.lines.put(None)
        self.sent.wait(END_SECONDS)

    def _fill(self, batch):
        """Adds to the batch what waits, as far as there is room; whether the end was met."""
        size = 0
        while True:
            if batch[-1] is None:
                batch.pop()
                return True
            size += len(batch[-1]["message"])
            if len(batch) == MOST_LINES or size > MOST_BYTES or self.lines.empty():
                return False
            batch.append(self.lines.get())

    def _send(self, batch):
        batch.sort(key=lambda event: event["timestamp"])  # threads may have been overtaken between the clock and the queue
        for tries in range(TRIES):
            try:
                if not self.made:
                    self._make()
                self.logs.put_log_events(logEvents=batch, **self.place)
                return
            except (BotoCoreError, ClientError):
                if tries + 1 == TRIES or self.ended.wait(AGAIN_SECONDS):
                    break
        self.dropped += len(batch)

    def _make(self):
        try:
            self.logs.create_log_stream(**self.place)
        except ClientError as error:  # an earlier life of this agent made it
            if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
                raise
        self.made = True
