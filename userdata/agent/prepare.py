"""What a run of the job needs on this instance: its files, and its newest good checkpoint."""
import os
import threading

from calls import FAILED
from checkpoints import Refused

HERE = os.path.dirname(os.path.abspath(__file__))


class Prepare:
    """`state` is the agent's own folder, `artifact` an s3:// address or empty."""

    def __init__(self, checkpoints, state, artifact, calls, log):
        self.checkpoints, self.state, self.artifact, self.calls, self.log = checkpoints, state, artifact, calls, log
        self.fetching = threading.Lock()

    def files(self):
        """The folder of the job's files: the default workload's, or what the artifact (s3://BUCKET/KEY) holds."""
        if not self.artifact:
            return os.path.join(HERE, "workload")
        while not self.fetching.acquire(timeout=1):  # what fetches it ahead ends by itself
            self.checkpoints.alive()
        try:
            return self.fetch(self.checkpoints, self.calls.persist)
        finally:
            self.fetching.release()

    def fetch(self, checkpoints, call):
        folder = os.path.join(self.state, "artifact")
        if not os.path.exists(folder):
            bucket, key = self.artifact.split("://", 1)[1].split("/", 1)
            checkpoints.fetch(bucket, key, folder + ".new", call)
            os.rename(folder + ".new", folder)
        return folder

    def fetch_ahead(self, checkpoints):
        """Brings the files while there is nothing else to do, by another thread's `checkpoints`. What fails here fails or succeeds in `files`."""
        try:
            with self.fetching:
                self.fetch(checkpoints, lambda function: function())
        except (*FAILED, OSError, Refused) as error:
            self.log("not-fetched-ahead", "warning", error=str(error))

    def restore(self, item, folder):
        """Unpacks the newest good checkpoint into a folder whose name begins with `folder`: (its record, its folder, whether it
        is the last one); (None, None, False) when there is none."""
        for name in ("last", "previous"):
            record, place = item.get(name), folder + "-" + name
            if not record:
                continue
            try:
                self.checkpoints.restore(record, place, self.calls.persist)
            except Refused as error:
                self.log("checkpoint-refused", "error", which=name, key=record["key"], error=str(error))
                continue
            self.log("restored", which=name, key=record["key"], sequence=record["sequence"], percent=record["percent"])
            return record, place, name == "last"
        lost = "last" in item
        self.log("fresh-start", "error" if lost else "info", lost=lost)
        return None, None, False
