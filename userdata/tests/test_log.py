"""The agent's log where nothing can be written."""
import contextlib
import io
import json
import os
import resource
import tempfile
import unittest

from . import fakes  # noqa: F401 (the agent's folder on the path)

from log import Log


class Full(unittest.TestCase):
    @unittest.skipUnless(os.path.exists("/dev/full"), "there is no /dev/full")
    def test_a_full_disk_keeps_a_line_from_neither_the_journal_nor_the_cloud(self):
        log, journal, sent = Log("/dev/full"), io.StringIO(), []
        log.send_to(lambda _, line: sent.append(line))
        with contextlib.redirect_stdout(journal):
            log("disk-full")
        self.assertEqual((journal.getvalue().count("disk-full"), len(sent)), (1, 1))

    def test_a_line_that_was_cut_off_does_not_take_the_next_one_along(self):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            path = os.path.join(folder, "agent.log")
            log, limits = Log(path), resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (150, limits[1]))  # what the file has room for
            try:
                log("first")
                log("second", text="x" * 50)
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            log("third")
            with open(path) as file:
                lines = file.read().splitlines()
        self.assertEqual([lines[at].count(name) for at, name in enumerate(("first", "second", "third"))], [1, 1, 1])
        self.assertEqual(json.loads(lines[2])["event"], "third")

    @unittest.skipUnless(os.path.exists("/dev/full"), "there is no /dev/full")
    def test_a_journal_that_takes_nothing_keeps_no_line_from_the_file(self):
        with tempfile.TemporaryDirectory() as folder, open("/dev/full", "w") as journal:
            path = os.path.join(folder, "agent.log")
            with contextlib.redirect_stdout(journal):
                Log(path)("disk-full")
            with open(path) as file:
                self.assertIn("disk-full", file.read())
            with contextlib.suppress(OSError):
                journal.close()


if __name__ == "__main__":
    unittest.main()
