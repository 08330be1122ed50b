"""What is kept of a job's output, however much it writes."""
import os
import shutil
import tempfile
import unittest

from . import fakes  # noqa: F401
import output
from output import Output


class OutputTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.path = os.path.join(self.folder, "output")

    def make(self, allowance=output.MOST_LOGGED_BYTES):
        self.allowance = [allowance]
        made = Output(self.path, self.allowance)
        self.job = made.open()
        self.addCleanup(self.job.close)
        return made

    def write(self, data):
        self.job.write(data)
        self.job.flush()

    def test_complete_lines_come_as_they_are_written_and_the_rest_at_the_end(self):
        made = self.make()
        self.write(b"one\ntwo\nthr")
        self.assertEqual(made.look(), (["one", "two"], False))
        self.assertEqual(made.look(), ([], False))
        self.write(b"ee\n\xff\nfour")
        self.assertEqual(made.look(), (["three", "\ufffd"], False))
        self.assertEqual((made.rest(), made.tail(6)), (["four"], "\ufffd\nfour"))

    def test_a_line_without_an_end_is_not_kept_in_memory_for_ever(self):
        made = self.make()
        self.write(b"x" * (3 * output.READ_BYTES))
        looks = [made.look()[0] for _ in range(3)]
        self.assertEqual([len(line) for lines in looks for line in lines], [2 * output.READ_BYTES])
        self.assertLessEqual(len(made.partial), output.READ_BYTES)

    def test_beyond_the_allowance_only_the_end_is_taken(self):
        made = self.make(allowance=100)
        self.write(b"".join(b"%06d\n" % number for number in range(20)))
        self.assertEqual(len(made.look()[0]), 20)
        self.write(b"".join(b"%06d\n" % number for number in range(20, 30000)))
        self.assertEqual(made.look()[0], [])
        rest = made.rest()
        self.assertEqual((rest[0][:5], rest[-1]), ("[...]", "029999"))
        self.assertLess(len(rest), output.READ_BYTES / 7 + 1)
        self.assertEqual(self.allowance, [100 - 140])

    def test_the_allowance_is_shared_by_all_runs(self):
        first = self.make(allowance=10)
        self.write(b"a" * 20 + b"\n")
        self.assertEqual(len(first.look()[0]), 1)
        second = Output(os.path.join(self.folder, "second"), self.allowance)
        with second.open() as job:
            job.write(b"b\n")
        self.assertEqual((second.look()[0], second.rest()), ([], ["b"]))

    def test_a_flood_is_cut_on_the_disk_and_its_end_is_kept(self):
        made = self.make()
        line = b"y" * 1023 + b"\n"
        for number in range(3):
            self.write(line * 9000 + b"block %d\n" % number)
            self.assertTrue(made.look()[1])
            self.assertEqual(os.stat(self.path).st_size, 0)
        self.write(b"the last line\n")
        self.assertEqual(made.look()[1], False)
        self.assertEqual(made.cut_bytes, 3 * (9000 * 1024 + 8))
        self.assertTrue(made.tail(100).endswith("yyy\nblock 2\nthe last line\n"))
        rest = made.rest()
        self.assertEqual((rest[0][:5], rest[-2:]), ("[...]", ["block 2", "the last line"]))
        self.assertLessEqual(sum(map(len, rest)), output.READ_BYTES + 5)


if __name__ == "__main__":
    unittest.main()
