"""Objects of S3 as streams: sent in parts, fetched in ranges, each of which is verified and can be repeated by itself.

`call(function)` makes each request, and may make it again; `alive` is called while bytes move.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
"""
import base64
import hashlib
import itertools
import os
import struct
import zlib

from botocore.exceptions import ClientError, FlexibleChecksumError

from archive import CHUNK_BYTES, Refused
from calls import FAILED

PART_BYTES = 16 << 20  # what is in memory at a time, unless the object needs larger parts
MOST_PARTS = 10000  # that an object may have
RANGE_BYTES = 16 << 20


def part_bytes(size_bytes):
    """The size of the parts for an object of about that size: it may turn out a tenth larger."""
    return max(PART_BYTES, size_bytes * 11 // (10 * MOST_PARTS) + 1)


def parts(pieces, size_bytes):
    """The same bytes, that many at a time: (part, whether it is the last one, which may be smaller). There is at least one. A part is
    good until the next is asked for: all are made in the same memory."""
    memory, filled = memoryview(bytearray(size_bytes)), 0
    for piece in map(memoryview, pieces):
        while piece:
            if filled == size_bytes:
                yield memory, False
                filled = 0
            taken = piece[:size_bytes - filled]
            memory[filled:filled + len(taken)] = taken
            filled += len(taken)
            piece = piece[len(taken):]
    yield memory[:filled], True


class Body:
    """What is sent: bytes in memory, given out without being copied."""

    def __init__(self, data, alive):
        self.data, self.alive, self.at = data, alive, 0

    def __len__(self):
        return len(self.data)

    def tell(self):
        return self.at

    def seek(self, offset, whence=os.SEEK_SET):
        self.at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self.at, os.SEEK_END: len(self.data)}[whence]
        return self.at

    def read(self, size=-1):
        """HTTP clients ask for 8 or 16 KiB at a time, and send as much as they are given: here, more."""
        self.alive()
        begin = self.at
        self.at = len(self.data) if size is None or size < 0 else min(len(self.data), begin + (size and max(size, CHUNK_BYTES)))
        return self.data[begin:self.at]


class Upload:
    """Sends a stream as a new object. `sha256` and `size_bytes` are those of what was sent."""

    def __init__(self, s3, bucket, key, call, alive):
        self.s3, self.call, self.alive = s3, call, alive
        self.object = {"Bucket": bucket, "Key": key}
        self.hash, self.size_bytes = hashlib.sha256(), 0

    @property
    def sha256(self):
        return self.hash.hexdigest()

    def send(self, pieces, size_bytes):
        """Sends `pieces`, of which there are about `size_bytes`. Raises what they and `call` raise; what was sent is taken back."""
        blocks = parts(pieces, part_bytes(size_bytes))
        block, is_last = next(blocks)
        if is_last:
            self.add(block)
            self.call(lambda: self.s3.put_object(**self.object, **self.body(block)))
            return
        upload = dict(self.object, UploadId=self.call(lambda: self.s3.create_multipart_upload(**self.object, ChecksumAlgorithm="CRC32"))["UploadId"])
        try:
            sent = []
            for block, _ in itertools.chain([(block, False)], blocks):
                self.add(block)
                sent.append(self.send_part(upload, len(sent) + 1, block))
            self.call(lambda: self.complete(upload, sent))
        except BaseException:
            self.take_back(upload)
            raise

    def add(self, block):
        self.alive()
        self.hash.update(block)
        self.size_bytes += len(block)

    def body(self, block):
        """S3 refuses what does not match the sum: one that costs little, for the whole is hashed besides."""
        return {"Body": Body(block, self.alive), "ChecksumCRC32": base64.b64encode(struct.pack(">I", zlib.crc32(block))).decode()}

    def send_part(self, upload, number, block):
        answer = self.call(lambda: self.s3.upload_part(**upload, PartNumber=number, **self.body(block)))
        return {"PartNumber": number, "ETag": answer["ETag"], "ChecksumCRC32": answer["ChecksumCRC32"]}

    def complete(self, upload, sent):
        try:
            self.s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": sent})
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchUpload" or not self.is_there():
                raise  # else an earlier request has completed it, and its answer was lost

    def is_there(self):
        try:
            return self.s3.head_object(**self.object)["ContentLength"] == self.size_bytes
        except ClientError:
            return False

    def take_back(self, upload):
        """What cannot be taken back now is removed by the bucket's lifecycle rule."""
        try:
            self.s3.abort_multipart_upload(**upload)
        except FAILED:
            pass


class Download:
    """A stream of an object's bytes. `sha256` is that of what has been read. Raises Refused when the object is missing, has not
    `size_bytes` (if given), or is replaced while it is read, and what `call` raises when that cannot be told."""

    def __init__(self, s3, bucket, key, call, alive, size_bytes=None):
        self.s3, self.call, self.alive, self.expected = s3, call, alive, size_bytes
        self.object = {"Bucket": bucket, "Key": key}
        self.hash, self.size_bytes, self.fetched = hashlib.sha256(), None, 0
        self.rest, self.at = b"", 0

    @property
    def sha256(self):
        return self.hash.hexdigest()

    def read(self, size):
        """At most `size` bytes, none at the end."""
        if self.at == len(self.rest) and self.fetched != self.size_bytes:
            self.rest, self.at = self.range(), 0
        data = self.rest[self.at:self.at + size]
        self.at += len(data)
        return data

    def drain(self):
        """Reads what is left."""
        while self.read(CHUNK_BYTES):
            pass

    def range(self):
        """The next bytes."""
        first = self.fetched
        try:
            answer, data = self.call(lambda: self.get(first))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ("NoSuchKey", "404"):
                raise Refused("no such object") from error
            if code in ("InvalidRange", "416"):
                raise Refused("it ends after %d bytes" % first) from error
            if code in ("PreconditionFailed", "412"):
                raise Refused("it was replaced while it was read") from error
            raise
        self.object["IfMatch"] = answer["ETag"]
        self.size_bytes = int(answer["ContentRange"].rpartition("/")[2])
        if self.expected not in (None, self.size_bytes):
            raise Refused("%d bytes instead of %d" % (self.size_bytes, self.expected))
        self.hash.update(data)
        self.fetched += len(data)
        return data

    def get(self, first):
        answer = self.s3.get_object(**self.object, Range="bytes=%d-%d" % (first, first + RANGE_BYTES - 1))
        pieces = []
        try:
            for piece in iter(lambda: answer["Body"].read(CHUNK_BYTES), b""):
                self.alive()
                pieces.append(piece)
        except FlexibleChecksumError as error:
            raise Refused(str(error)) from error
        return answer, b"".join(pieces)
