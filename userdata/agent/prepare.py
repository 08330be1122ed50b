"""What a run of the job needs on this instance: its files, and its newest good checkpoint."""
import os

from checkpoints import Refused

HERE = os.path.dirname(os.path.abspath(__file__))


class Prepare:
    """`state` is the agent's own folder, `artifact` an s3:// address or empty."""

    def __init__(self, checkpoints, state, artifact, calls, log):
        self.checkpoints, self.state, self.artifact, self.calls, self.log = checkpoints, state, artifact, calls, log

    def files(self):
        """The folder of the job's files: the default workload's, or what the artifact (s3://BUCKET/KEY) holds."""
        if not self.artifact:
            return os.path.join(HERE, "workload")
        folder = os.path.join(self.state, "artifact")
        if not os.path.exists(folder):
            bucket, key = self.artifact.split("://", 1)[1].split("/", 1)
            self.checkpoints.fetch(bucket, key, folder + ".new", self.calls.persist)
            os.rename(folder + ".new", folder)
        return folder

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
