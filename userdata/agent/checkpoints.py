"""Saves as objects in the checkpoint bucket: stored under keys that no one else uses, verified on the way back, removed once
no commit names them."""
import shutil
import uuid

from archive import Refused, packed, protect, size_of, unpack
from transfer import Download, Upload

FINISHED = {"Key": "spotproof:finished", "Value": "true"}  # the tag by which the bucket's lifecycle rule knows what may go

__all__ = ["Checkpoints", "Refused"]


class Checkpoints:
    """The job's objects in the bucket. `alive` is called while bytes move; `call(function)` makes each request."""

    def __init__(self, s3, bucket, job, alive):
        self.s3, self.bucket, self.alive = s3, bucket, alive
        self.prefix = "jobs/%s/" % job

    def store(self, folder, epoch, sequence, call):
        """Uploads a save for that commit. Returns key, sha256 and sizeBytes. Raises what `packed` and `call` raise."""
        key = "%s%d-%d-%s" % (self.prefix, epoch, sequence, uuid.uuid4())
        upload = Upload(self.s3, self.bucket, key, call, self.alive)
        upload.send(packed(folder), size_of(folder))
        return {"key": key, "sha256": upload.sha256, "sizeBytes": upload.size_bytes}

    def restore(self, record, folder, call):
        """Unpacks what `record` committed into `folder`. Raises Refused when it is damaged or missing, and what `call` raises
        when that cannot be told; the folder is not there then."""
        stream = Download(self.s3, self.bucket, record["key"], call, self.alive, record["sizeBytes"])
        try:
            unpack(stream, folder)
            stream.drain()
            if stream.sha256 != record["sha256"]:
                raise Refused("its sha256 is %s instead of %s" % (stream.sha256, record["sha256"]))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        protect(folder)

    def fetch(self, bucket, key, folder, call):
        """Unpacks any object, without knowing what it should be. Raises as `restore`."""
        unpack(Download(self.s3, bucket, key, call, self.alive), folder)

    def prune(self, item, epoch, sequence):
        """Removes the job's objects that no commit names: older checkpoints, and what was stored and never committed. `item` is
        the ledger's with commit `sequence` of `epoch` (another one: nothing is removed); the keys removed are returned. Raises
        botocore's errors.

        What it removes can never be named again: the ledger's records only move on, and a later owner's keys have a later epoch.
        So it does no harm, however late it comes."""
        if (item.get("ownerEpoch"), item.get("sequence")) != (epoch, sequence):
            return []
        named = {item[name]["key"] for name in ("last", "previous") if name in item}
        removed = []
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix):
            for key in (found["Key"] for found in page.get("Contents", [])):
                if key not in named and self._commit_of(key) <= (epoch, sequence):
                    self.alive()
                    self.s3.delete_object(Bucket=self.bucket, Key=key)
                    removed.append(key)
        return removed

    def let_expire(self, item, call):
        """Marks the checkpoints of a job that has finished, each by itself: they go when they are old. Those of any other stay, since it can be resumed. Raises what `call` raises."""
        for record in (item[name] for name in ("last", "previous") if name in item):
            call(lambda key=record["key"]: self.s3.put_object_tagging(Bucket=self.bucket, Key=key, Tagging={"TagSet": [FINISHED]}))

    def _commit_of(self, key):
        """(epoch, sequence) that a key says it is for; beyond any when it is not one of `store`."""
        try:
            epoch, sequence, _ = key[len(self.prefix):].split("-", 2)
            return int(epoch), int(sequence)
        except ValueError:
            return float("inf"), 0
