"""Saves as tars: the same content gives the same bytes, and nothing leaves the folder on the way back."""
import base64
import hashlib
import io
import os
import shutil
import struct
import tarfile
import tempfile
import unittest
import zlib

import boto3
from botocore.response import StreamingBody
from botocore.stub import Stubber

from .fakes import FakeBucket, client_error, unreachable

import transfer
from archive import packed, size_of, unpack
from checkpoints import Checkpoints, Refused
from transfer import Body, Download, Upload, part_bytes, parts


class InAFolder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def fill(self, name, files):
        for place, content in files:
            os.makedirs(os.path.dirname(self.path(name, place)), exist_ok=True)
            with open(self.path(name, place), "w") as file:
                file.write(content)
        return self.path(name)

    def pack(self, folder):
        data = b"".join(packed(folder))
        with open(self.path("tar"), "wb") as file:
            file.write(data)
        return data

    def unpack(self, path):
        with open(path, "rb") as file:
            unpack(file, self.path("out"))


class Packing(InAFolder):
    FILES = (("b", "2"), ("a/c", "3"), ("a/b", "4"), ("a.b", "5"))

    def test_order_and_times_do_not_matter(self):
        one = self.pack(self.fill("one", self.FILES))
        two = self.fill("two", reversed(self.FILES))
        os.utime(os.path.join(two, "b"), (1, 1))
        self.assertEqual(self.pack(two), one)

    def test_what_was_packed_is_unpacked(self):
        folder = self.fill("one", self.FILES)
        os.chmod(os.path.join(folder, "b"), 0o755)
        os.mkdir(os.path.join(folder, "empty"))
        self.pack(folder)
        self.unpack(self.path("tar"))
        for place, content in self.FILES:
            with open(self.path("out", place)) as file:
                self.assertEqual(file.read(), content)
        self.assertTrue(os.access(self.path("out", "b"), os.X_OK))
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["a", "a.b", "b", "empty"])

    def test_linked_files_are_stored_as_files(self):
        folder = self.fill("one", (("a", "1"),))
        os.symlink("a", os.path.join(folder, "symbolic"))
        os.link(os.path.join(folder, "a"), os.path.join(folder, "hard"))
        self.pack(folder)
        with tarfile.open(self.path("tar")) as tar:
            self.assertTrue(all(member.isreg() and member.size == 1 for member in tar))

    def test_what_is_neither_file_nor_folder_is_refused(self):
        folder = self.fill("one", (("a", "1"),))
        os.symlink(self.folder, os.path.join(folder, "up"))
        with self.assertRaisesRegex(Refused, "up is neither"):
            self.pack(folder)
        os.remove(os.path.join(folder, "up"))
        os.mkfifo(os.path.join(folder, "pipe"))
        with self.assertRaisesRegex(Refused, "pipe is neither"):
            self.pack(folder)

    def test_a_folder_that_is_not_there(self):
        with self.assertRaises(OSError):
            self.pack(self.path("none"))


    def test_it_is_the_tar_that_tarfile_writes(self):
        folder = self.fill("one", (("a", "1"), ("long" * 60, "2"), ("ü", "3"), ("deep/er/b", "x" * 5000)))
        data = self.pack(folder)
        with tarfile.open(self.path("tar")) as tar:
            members = tar.getmembers()
        with tarfile.open(self.path("other"), "w") as tar:
            for member in members:
                with open(os.path.join(folder, member.name), "rb") if member.isreg() else io.BytesIO() as file:
                    member.pax_headers = {}
                    tar.addfile(member, file)
        with open(self.path("other"), "rb") as file:
            self.assertEqual(file.read(), data)
        self.assertGreaterEqual(size_of(folder) * 1.1, len(data))

    def test_a_file_that_becomes_shorter_meanwhile_is_refused(self):
        folder = self.fill("one", (("a", "x" * 5000),))
        pieces = packed(folder)
        next(pieces)
        os.truncate(os.path.join(folder, "a"), 100)
        with self.assertRaisesRegex(Refused, "a has become shorter"):
            list(pieces)

    def test_a_file_with_holes_is_packed_like_any_other(self):
        for content in ((b"begin", 1 << 20), (1 << 20, b"end"), (3 << 20,), (b"a" * 5000, 2 << 20, b"b" * 5000, 1 << 20), (2 << 20, b"", b"x" * (1 << 20), 4096)):
            dense = b"".join(bytes(piece) if isinstance(piece, int) else piece for piece in content)
            os.makedirs(self.path("dense"), exist_ok=True)
            os.makedirs(self.path("sparse"), exist_ok=True)
            with open(self.path("dense", "file"), "wb") as file:
                file.write(dense)
            with open(self.path("sparse", "file"), "wb") as file:
                for piece in content:
                    file.seek(piece, os.SEEK_CUR) if isinstance(piece, int) else file.write(piece)
                file.truncate(len(dense))
            self.assertEqual(self.pack(self.path("sparse")), self.pack(self.path("dense")))

    def test_one_that_loses_a_hole_meanwhile_is_refused_too(self):
        folder = self.fill("one", (("a", "x"),))
        os.truncate(os.path.join(folder, "a"), 4 << 20)
        pieces = packed(folder)
        for _ in range(3):
            next(pieces)
        os.truncate(os.path.join(folder, "a"), 1 << 20)
        with self.assertRaisesRegex(Refused, "a has become shorter"):
            list(pieces)


class Unpacking(InAFolder):
    def tar(self, *members):
        with tarfile.open(self.path("tar"), "w") as tar:
            for name, changes in members:
                info = tarfile.TarInfo(name)
                for attribute, value in changes.items():
                    setattr(info, attribute, value)
                tar.addfile(info, io.BytesIO(b"x" * info.size))
        return self.path("tar")

    def refuses(self, *members):
        with self.assertRaises(Refused):
            self.unpack(self.tar(*members))
        self.assertEqual(sorted(name for name in os.listdir(self.folder) if name not in ("tar", "out")), [])

    def test_no_path_leads_out_of_the_folder(self):
        link = {"type": tarfile.SYMTYPE}
        self.refuses(("../escaped", {"size": 1}))
        self.refuses((self.path("escaped"), {"size": 1}))
        self.refuses(("a/../../escaped", {"size": 1}))
        self.refuses(("link", {**link, "linkname": ".."}))
        self.refuses(("link", {**link, "linkname": "/etc"}))
        self.refuses(("a", {"type": tarfile.DIRTYPE, "mode": 0o755}), ("a/link", {**link, "linkname": "../.."}))
        self.refuses(("hard", {"type": tarfile.LNKTYPE, "linkname": "/etc/passwd"}))
        self.refuses(("device", {"type": tarfile.CHRTYPE}))
        self.refuses(("pipe", {"type": tarfile.FIFOTYPE}))

    def test_links_that_stay_within_are_kept(self):
        self.unpack(self.tar(("bin", {"type": tarfile.DIRTYPE, "mode": 0o755}), ("bin/run", {"size": 1}), ("go", {"type": tarfile.SYMTYPE, "linkname": "bin/run"})))
        self.assertEqual(os.readlink(self.path("out", "go")), "bin/run")

    def test_what_is_not_a_tar_or_ends_early_is_refused(self):
        whole = self.tar(("a", {"size": 4000}))
        with open(whole, "rb") as file:
            data = file.read()
        for bad in (b"", b"nonsense" * 100, data[:700], data[:3000]):
            with open(self.path("tar"), "wb") as file:
                file.write(bad)
            with self.assertRaises(Refused):
                self.unpack(self.path("tar"))

    def test_compressed_ones_are_read_too(self):
        with tarfile.open(self.path("tar"), "w:gz") as tar:
            tar.add(self.fill("one", (("a", "1"),)), "")
        self.unpack(self.path("tar"))
        self.assertEqual(os.listdir(self.path("out")), ["a"])

    def test_holes_stay_holes(self):
        folder = self.fill("one", (("a", "begin"),))
        with open(os.path.join(folder, "a"), "r+b") as file:
            file.seek(64 << 20)
            file.write(b"end")
            file.truncate(128 << 20)
        self.pack(folder)
        self.unpack(self.path("tar"))
        status = os.stat(self.path("out", "a"))
        self.assertEqual(status.st_size, 128 << 20)
        self.assertLess(status.st_blocks * 512, 8 << 20)
        with open(self.path("out", "a"), "rb") as file:
            self.assertEqual(file.read(5), b"begin")
            file.seek(64 << 20)
            self.assertEqual(file.read(4), b"end\0")

    def test_remains_of_an_earlier_attempt_do_not_matter(self):
        self.fill("out", (("a", "left over"), ("b", "left over")))
        self.unpack(self.tar(("a", {"size": 1})))
        self.assertEqual(os.listdir(self.path("out")), ["a"])


def directly(function):
    return function()


def again(function):
    """Makes a request until it succeeds."""
    while True:
        try:
            return function()
        except Exception as error:
            if isinstance(error, Refused):
                raise


class InABucket(InAFolder):
    def setUp(self):
        super().setUp()
        self.bucket = FakeBucket()
        self.alive = 0
        self.checkpoints = Checkpoints(self.bucket, "bucket-1", "job-1", self.tick)
        for name, value in (("PART_BYTES", 40000), ("RANGE_BYTES", 30000)):
            kept = getattr(transfer, name)
            setattr(transfer, name, value)
            self.addCleanup(setattr, transfer, name, kept)
        self.bucket.LEAST_PART_BYTES = 40000

    def tick(self):
        self.alive += 1

    def store(self, text="1", call=directly, epoch=1, sequence=1):
        return self.checkpoints.store(self.fill("save", (("state", text),)), epoch, sequence, call)

    def restored(self, record, call=directly):
        self.checkpoints.restore(record, self.path("out"), call)
        with open(self.path("out", "state")) as file:
            return file.read()


class Sending(unittest.TestCase):
    def test_a_body_gives_nothing_when_nothing_is_asked_for_more_than_little_otherwise_and_the_rest(self):
        body = Body(memoryview(bytes(3 << 20)), lambda: None)
        self.assertEqual([len(body.read(size)) for size in (0, 8192, 0, -1, 8192)], [0, 1 << 20, 0, 2 << 20, 0])


class Storing(InABucket):
    def test_two_stores_of_one_save_have_the_same_hash_and_different_keys(self):
        records = [self.store("x" * 100000) for _ in range(2)]
        self.assertEqual(records[0]["sha256"], records[1]["sha256"])
        self.assertNotEqual(records[0]["key"], records[1]["key"])
        self.assertGreater(self.alive, 10, "the heart is kept going while bytes move")
        self.assertEqual(os.listdir(self.folder), ["save"], "nothing is kept on the disk besides")

    def test_a_small_save_is_one_request_whose_checksum_s3_verifies(self):
        record = self.store()
        (name, arguments), = self.bucket.calls
        self.assertEqual(name, "put_object")
        data = self.bucket.objects[record["key"]]
        self.assertEqual(base64.b64decode(arguments["ChecksumCRC32"]), struct.pack(">I", zlib.crc32(data)))
        self.assertEqual(hashlib.sha256(data).hexdigest(), record["sha256"])
        self.assertEqual((arguments["Bucket"], arguments["Key"]), ("bucket-1", record["key"]))
        self.assertRegex(record["key"], "^jobs/job-1/1-1-[0-9a-f-]{36}$")

    def test_a_large_one_goes_in_parts_that_make_the_whole(self):
        record = self.store("x" * 100000)
        data = self.bucket.objects[record["key"]]
        self.assertEqual((hashlib.sha256(data).hexdigest(), len(data)), (record["sha256"], record["sizeBytes"]))
        self.assertEqual(self.bucket.names(), ["create_multipart_upload"] + ["upload_part"] * 3 + ["complete_multipart_upload"])
        self.assertEqual(self.restored(record), "x" * 100000)

    def test_each_request_is_repeated_by_itself(self):
        for text, operations in (("1", ["put_object"]), ("x" * 100000, ["create_multipart_upload", "upload_part", "complete_multipart_upload"])):
            for operation in operations:
                for faults in (self.bucket.fail, self.bucket.after):
                    with self.subTest(operation):
                        self.bucket.calls.clear()
                        faults[operation] = [client_error("SlowDown", 503), unreachable()]
                        record = self.store(text, again)
                        self.assertEqual(hashlib.sha256(self.bucket.objects[record["key"]]).hexdigest(), record["sha256"])
                        self.assertLessEqual(self.bucket.names().count("upload_part"), 5)

    def test_an_upload_that_fails_is_taken_back(self):
        for operation in ("upload_part", "complete_multipart_upload"):
            self.bucket.fail[operation] = [client_error("AccessDenied", 403)]
            with self.assertRaises(Exception):
                self.store("x" * 100000)
            self.assertEqual((self.bucket.uploads, self.bucket.objects), ({}, {}))

    def test_what_could_not_be_taken_back_does_not_hide_why(self):
        self.bucket.fail["upload_part"] = [client_error("AccessDenied", 403)]
        self.bucket.fail["abort_multipart_upload"] = [unreachable()]
        with self.assertRaisesRegex(Exception, "AccessDenied"):
            self.store("x" * 100000)

    def test_a_save_that_cannot_be_packed_leaves_nothing(self):
        folder = self.fill("save", (("a", "x" * 100000),))
        os.mkfifo(os.path.join(folder, "pipe"))
        with self.assertRaisesRegex(Refused, "pipe is neither"):
            self.checkpoints.store(folder, 1, 1, directly)
        self.assertEqual((self.bucket.uploads, self.bucket.objects), ({}, {}))

    def test_any_size_fits_into_ten_thousand_parts(self):
        gibibyte = 1 << 30
        for size in (0, 1, 5 * gibibyte, 100 * gibibyte, 5000 * gibibyte):
            part = part_bytes(size)
            self.assertLessEqual(size * 1.1 / part, 10000)
            self.assertTrue(transfer.PART_BYTES <= part <= 5 * gibibyte)

    def test_parts_are_the_same_bytes_whatever_the_pieces(self):
        data = bytes(range(256)) * 10
        for piece in (1, 7, 100, 256, 5000):
            for size in (1, 100, 256, 2559, 2560, 9999):
                made = [(bytes(part), is_last) for part, is_last in parts([data[i:i + piece] for i in range(0, len(data), piece)], size)]
                self.assertEqual(b"".join(part for part, _ in made), data)
                self.assertTrue(all(len(part) == size for part, _ in made[:-1]) and 0 < len(made[-1][0]) <= size)
                self.assertEqual([is_last for _, is_last in made], [False] * (len(made) - 1) + [True])

    def test_there_is_a_part_when_there_are_no_bytes(self):
        self.assertEqual([(bytes(part), is_last) for part, is_last in parts([], 10)], [(b"", True)])


class Restoring(InABucket):
    def test_it_comes_in_ranges_each_repeated_by_itself(self):
        record = self.store("x" * 100000)
        self.bucket.calls.clear()
        self.bucket.fail["get_object"] = [client_error("SlowDown", 503), unreachable()]
        self.assertEqual(self.restored(record, again), "x" * 100000)
        self.assertEqual(len(self.bucket.calls), 6)

    def test_each_kind_of_damage_is_refused_and_said(self):
        for text in ("1", "x" * 100000):
            record = self.store(text)
            data = self.bucket.objects[record["key"]]
            older = self.bucket.objects[self.store(text.replace("x", "y") + " ")["key"]]
            for bad, words in ((data[:-1] + b"x", "sha256"), (data + b"x", "bytes instead of"), (data[:-512], "bytes instead of"),
                               (older, "sha256"), (b"", "it ends after 0 bytes"), (None, "no such object"), (b"x" * len(data), "not a readable tar")):
                with self.subTest(words):
                    self.bucket.objects = {} if bad is None else {record["key"]: bad}
                    with self.assertRaisesRegex(Refused, words):
                        self.restored(record)
                    self.assertFalse(os.path.exists(self.path("out")))

    def test_one_that_changes_while_it_is_read_is_refused(self):
        record = self.store("x" * 100000)
        self.bucket.hooks["get_object"] = lambda arguments: "IfMatch" in arguments and self.bucket.objects.update({record["key"]: b"y" * record["sizeBytes"]})
        with self.assertRaisesRegex(Refused, "replaced while it was read"):
            self.restored(record)

    def test_what_cannot_be_reached_is_not_taken_for_damaged(self):
        record = self.store()
        for error in (unreachable(), client_error("AccessDenied", 403), client_error("InternalError", 500)):
            self.bucket.fail["get_object"] = [error]
            with self.assertRaises(type(error)):
                self.restored(record)
            self.assertFalse(os.path.exists(self.path("out")))

    def test_what_is_restored_cannot_be_written(self):
        self.restored(self.store())
        self.assertEqual(os.stat(self.path("out", "state")).st_mode & 0o222, 0)


class Pruning(InABucket):
    def test_the_last_two_good_ones_stay_and_all_else_of_the_past_goes(self):
        keys = {name: self.store(epoch=epoch, sequence=sequence)["key"] for name, epoch, sequence in (
            ("old", 1, 1), ("previous", 1, 2), ("uncommitted", 2, 3), ("last", 3, 3), ("successor's", 4, 4), ("ours to come", 3, 4))}
        self.bucket.objects["jobs/job-1/notes.txt"] = self.bucket.objects["jobs/job-11/1-1-x"] = b""
        item = {"ownerEpoch": 3, "sequence": 3, "last": {"key": keys["last"]}, "previous": {"key": keys["previous"]}}
        self.assertEqual(sorted(self.checkpoints.prune(item, 3, 3)), sorted([keys["old"], keys["uncommitted"]]))
        self.assertEqual(set(self.bucket.objects), {keys[name] for name in ("previous", "last", "successor's", "ours to come")} | {"jobs/job-1/notes.txt", "jobs/job-11/1-1-x"})

    def test_who_does_not_own_the_job_or_sees_an_older_item_removes_nothing(self):
        self.store()
        for item in ({"ownerEpoch": 2, "sequence": 1}, {"ownerEpoch": 1, "sequence": 0}, {}):
            self.assertEqual(self.checkpoints.prune(item, 1, 1), [])
        self.assertEqual(len(self.bucket.objects), 1)


class Finished(InABucket):
    def test_both_checkpoints_of_a_finished_job_are_marked_for_the_lifecycle_rule(self):
        last, previous, other = (self.store()["key"] for _ in range(3))
        self.checkpoints.let_expire({"last": {"key": last}, "previous": {"key": previous}}, directly)
        self.assertEqual(self.bucket.tags, {key: {"spotproof:finished": "true"} for key in (last, previous)})
        self.bucket.tags.clear()
        self.checkpoints.let_expire({"last": {"key": other}}, directly)
        self.assertEqual(list(self.bucket.tags), [other])


class TheSdksOwnView(InAFolder):
    def test_of_the_requests(self):
        client = boto3.client("s3", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
        stubber = Stubber(client)
        data = b"0123456789"
        stubber.add_response("create_multipart_upload", {"UploadId": "u"})
        for _ in range(2):
            stubber.add_response("upload_part", {"ETag": "e", "ChecksumCRC32": "AAAAAA=="})
        stubber.add_response("complete_multipart_upload", {})
        stubber.add_response("put_object", {})
        stubber.add_response("put_object_tagging", {}, {"Bucket": "b", "Key": "k", "Tagging": {"TagSet": [{"Key": "spotproof:finished", "Value": "true"}]}})
        stubber.add_response("get_object", {"Body": StreamingBody(io.BytesIO(data), 10), "ContentRange": "bytes 0-9/10", "ETag": "e"},
                             {"Bucket": "b", "Key": "k", "Range": "bytes=0-%d" % (transfer.RANGE_BYTES - 1)})
        stubber.add_client_error("get_object", "NoSuchKey", http_status_code=404)
        stubber.activate()
        upload = Upload(client, "b", "k", directly, int)
        upload.send([bytes(transfer.PART_BYTES), data], transfer.PART_BYTES)
        Upload(client, "b", "k", directly, int).send([data], 10)
        Checkpoints(client, "b", "job-1", int).let_expire({"last": {"key": "k"}}, directly)
        stream = Download(client, "b", "k", directly, int)
        self.assertEqual((stream.read(20), stream.read(20), stream.sha256), (data, b"", hashlib.sha256(data).hexdigest()))
        with self.assertRaisesRegex(Refused, "no such object"):
            Download(client, "b", "k", directly, int).read(1)


if __name__ == "__main__":
    unittest.main()
