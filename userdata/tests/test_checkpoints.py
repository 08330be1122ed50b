"""Saves as tars: the same content gives the same bytes, and nothing leaves the folder on the way back."""
import base64
import hashlib
import io
import os
import shutil
import tarfile
import tempfile
import unittest

import boto3
from botocore.response import StreamingBody
from botocore.stub import Stubber

from .fakes import FakeBucket, client_error

from checkpoints import Checkpoints, Refused, pack, unpack


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
        digest, size = pack(folder, self.path("tar"), int)
        with open(self.path("tar"), "rb") as file:
            data = file.read()
        self.assertEqual((digest, size), (hashlib.sha256(data).hexdigest(), len(data)))
        return data


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
        unpack(self.path("tar"), self.path("out"), int)
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
            unpack(self.tar(*members), self.path("out"), int)
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
        unpack(self.tar(("bin", {"type": tarfile.DIRTYPE, "mode": 0o755}), ("bin/run", {"size": 1}), ("go", {"type": tarfile.SYMTYPE, "linkname": "bin/run"})),
               self.path("out"), int)
        self.assertEqual(os.readlink(self.path("out", "go")), "bin/run")

    def test_what_is_not_a_tar_or_ends_early_is_refused(self):
        whole = self.tar(("a", {"size": 4000}))
        with open(whole, "rb") as file:
            data = file.read()
        for bad in (b"", b"nonsense" * 100, data[:700], data[:3000]):
            with open(self.path("tar"), "wb") as file:
                file.write(bad)
            with self.assertRaises(Refused):
                unpack(self.path("tar"), self.path("out"), int)

    def test_remains_of_an_earlier_attempt_do_not_matter(self):
        self.fill("out", (("a", "left over"), ("b", "left over")))
        unpack(self.tar(("a", {"size": 1})), self.path("out"), int)
        self.assertEqual(os.listdir(self.path("out")), ["a"])


class Storing(InAFolder):
    def setUp(self):
        super().setUp()
        self.bucket = FakeBucket()
        self.alive = 0
        self.checkpoints = Checkpoints(self.bucket, "bucket-1", "job-1", self.folder, self.tick)

    def tick(self):
        self.alive += 1

    def test_two_stores_of_one_save_have_the_same_hash_and_different_keys(self):
        folder = self.fill("save", (("state", "x" * 100000),))
        records = [self.checkpoints.store(folder, "1-1", lambda put: put()) for _ in range(2)]
        self.assertEqual(records[0]["sha256"], records[1]["sha256"])
        self.assertNotEqual(records[0]["key"], records[1]["key"])
        self.assertGreater(self.alive, 20, "the heart is kept going while bytes move")
        self.assertEqual(os.listdir(self.folder), ["save"])

    def test_the_request_carries_the_hash_so_that_s3_verifies_the_upload(self):
        folder = self.fill("save", (("state", "1"),))
        record = self.checkpoints.store(folder, "1-1", lambda put: put())
        (_, arguments), = self.bucket.calls
        self.assertEqual(base64.b64decode(arguments["ChecksumSHA256"]).hex(), record["sha256"])
        self.assertEqual((arguments["Bucket"], arguments["Key"]), ("bucket-1", record["key"]))

    def test_a_retried_upload_sends_the_whole_file_again(self):
        self.bucket.after["put_object"] = [client_error("SlowDown", 503)]

        def twice(put):
            try:
                put()
            except Exception:
                put()

        record = self.checkpoints.store(self.fill("save", (("state", "1"),)), "1-1", twice)
        self.assertEqual(hashlib.sha256(self.bucket.objects[record["key"]]).hexdigest(), record["sha256"])

    def test_restoring_refuses_each_kind_of_damage_and_says_which(self):
        record = self.checkpoints.store(self.fill("save", (("state", "1"),)), "1-1", lambda put: put())
        data = self.bucket.objects[record["key"]]
        for bad, words in ((data[:-1] + b"x", "sha256"), (data + b"x", "bytes instead of"), (data[:-512], "bytes instead of"), (None, "no such object")):
            with self.subTest(words):
                self.bucket.objects = {} if bad is None else {record["key"]: bad}
                with self.assertRaisesRegex(Refused, words):
                    self.checkpoints.restore(record, self.path("out"))
                self.assertFalse(os.path.exists(self.path("out")))

    def test_the_sdks_own_view_of_the_requests(self):
        client = boto3.client("s3", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
        stubber = Stubber(client)
        stubber.add_response("put_object", {})
        data = b"0123456789"
        body = StreamingBody(io.BytesIO(data), len(data))
        stubber.add_response("get_object", {"Body": body, "ContentLength": len(data)}, {"Bucket": "bucket-1", "Key": "k"})
        stubber.add_client_error("get_object", "NoSuchKey", http_status_code=404)
        stubber.activate()
        checkpoints = Checkpoints(client, "bucket-1", "job-1", self.folder, int)
        checkpoints.store(self.fill("save", (("state", "1"),)), "1-1", lambda put: put())
        with open(checkpoints.fetch("bucket-1", "k", 10, hashlib.sha256(data).hexdigest()), "rb") as file:
            self.assertEqual(file.read(), data)
        with self.assertRaisesRegex(Refused, "no such object"):
            checkpoints.fetch("bucket-1", "k")


if __name__ == "__main__":
    unittest.main()
