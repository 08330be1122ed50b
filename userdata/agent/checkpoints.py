"""Saves as objects in the checkpoint bucket: packed into a tar that depends on their content alone, verified on the way back."""
import base64
import hashlib
import io
import os
import shutil
import stat
import tarfile
import uuid

from botocore.exceptions import ClientError, FlexibleChecksumError

CHUNK_BYTES = 1 << 20


class Refused(Exception):
    """What is stored is not what was committed, or cannot be unpacked safely; the text says why."""


class Hashing:
    """Writes through to a file, counting and hashing (SHA-256); `alive` is called on the way."""

    def __init__(self, file, alive):
        self.file, self.alive, self.hash, self.size_bytes = file, alive, hashlib.sha256(), 0

    def write(self, data):
        self.alive()
        self.hash.update(data)
        self.size_bytes += len(data)
        self.file.write(data)


class Body(io.FileIO):
    """A file to upload; `alive` is called for each block read."""

    def __init__(self, path, alive):
        super().__init__(path)
        self.alive = alive

    def read(self, size=-1):
        self.alive()
        return super().read(size)


def pack(folder, path, alive):
    """Writes `folder` as a tar at `path`, sorted, without times and owners; (SHA-256 in hexadecimal, bytes) is returned.
    Linked files are stored as files. Raises OSError (the folder is missing, say) and Refused (neither file nor folder)."""
    with open(path, "wb") as file:
        sink = Hashing(file, alive)
        with tarfile.open(fileobj=sink, mode="w|", dereference=True) as tar:
            _add(tar, folder, "")
    return sink.hash.hexdigest(), sink.size_bytes


def _add(tar, folder, prefix):
    for name in sorted(os.listdir(folder)):
        path, member = os.path.join(folder, name), prefix + name
        info = tar.gettarinfo(path, member)
        is_folder = info is not None and info.isdir() and not os.path.islink(path)
        if not (is_folder or info is not None and info.isreg()):
            raise Refused("%s is neither a file nor a folder" % member)
        info.uid = info.gid = info.mtime = 0
        info.uname = info.gname = ""
        if is_folder:
            tar.addfile(info)
            _add(tar, path, member + "/")
        else:
            with open(path, "rb") as file:
                tar.addfile(info, file)


def unpack(path, folder, alive):
    """Extracts a tar into `folder`, which is made anew. Raises Refused when a member would be placed, or point,
    outside it, and when it is not a tar."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    root = os.path.realpath(folder)

    def inside(*parts):
        place = os.path.realpath(os.path.join(root, *parts))
        return place == root or place.startswith(root + os.sep)

    try:
        with Body(path, alive) as file, tarfile.open(fileobj=file) as tar:
            tar.extraction_filter = lambda member, _: member  # newer Pythons ask for one; what it would check is checked here
            for member in tar:
                linked = member.issym() and inside(os.path.dirname(member.name), member.linkname)
                if not inside(member.name) or not (linked or member.isreg() or member.isdir()):
                    raise Refused("%s is not a file within the folder" % member.name)
                member.uid, member.gid, member.uname, member.gname = os.getuid(), os.getgid(), "", ""
                tar.extract(member, root)
    except (tarfile.TarError, EOFError) as error:
        raise Refused("not a readable tar: %s" % error) from error


def protect(folder):
    """Makes every file in the folder read-only."""
    for place, _, names in os.walk(folder):
        for name in names:
            os.chmod(os.path.join(place, name), stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)


class Checkpoints:
    """The job's objects in the bucket. `alive` is called while bytes move."""

    def __init__(self, s3, bucket, job, scratch, alive):
        self.s3, self.bucket, self.job, self.scratch, self.alive = s3, bucket, job, scratch, alive

    def store(self, folder, name, call):
        """Packs a save and uploads it under a key that no one else uses; `call(function, **arguments)` makes the request.
        Returns key, sha256 and sizeBytes. Raises what `pack` and `call` raise."""
        path = os.path.join(self.scratch, "save.tar")
        sha256, size_bytes = pack(folder, path, self.alive)
        key = "jobs/%s/%s-%s" % (self.job, name, uuid.uuid4())
        digest = base64.b64encode(bytes.fromhex(sha256)).decode()  # S3 refuses an upload that does not match it

        def put():
            with Body(path, self.alive) as body:
                self.s3.put_object(Bucket=self.bucket, Key=key, Body=body, ChecksumSHA256=digest)

        call(put)
        os.remove(path)
        return {"key": key, "sha256": sha256, "sizeBytes": size_bytes}

    def restore(self, record, folder):
        """Fetches what `record` committed and unpacks it into `folder`. Raises Refused when it is damaged or missing,
        and botocore's errors when that cannot be told."""
        path = self.fetch(self.bucket, record["key"], record["sizeBytes"], record["sha256"])
        unpack(path, folder, self.alive)
        os.remove(path)
        protect(folder)

    def fetch(self, bucket, key, size_bytes=None, sha256=None):
        """Downloads an object, verified against size and hash where given; its path. Raises as `restore`."""
        path = os.path.join(self.scratch, "fetched")
        try:
            answer = self.s3.get_object(Bucket=bucket, Key=key)
            if size_bytes not in (None, answer["ContentLength"]):
                raise Refused("%d bytes instead of %d" % (answer["ContentLength"], size_bytes))
            with open(path, "wb") as file:
                sink = Hashing(file, self.alive)
                for chunk in iter(lambda: answer["Body"].read(CHUNK_BYTES), b""):
                    sink.write(chunk)
        except FlexibleChecksumError as error:
            raise Refused(str(error)) from error
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("NoSuchKey", "404"):
                raise
            raise Refused("no such object") from error
        if sha256 not in (None, sink.hash.hexdigest()):
            raise Refused("its sha256 is %s instead of %s" % (sink.hash.hexdigest(), sha256))
        return path
