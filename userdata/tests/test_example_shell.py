"""The shell example as real processes, with a `sleep` that is a hundred times quicker."""
import json
import os
import shutil
import signal
import subprocess
import tempfile
import unittest

from .fakes import HERE, wait_for

SCRIPT = os.path.join(HERE, "..", "examples", "shell", "run.sh")


class ShellExample(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.status = os.path.join(self.folder, "status.json")
        with open(os.path.join(self.folder, "sleep"), "w") as file:
            file.write("#!/bin/sh\nexec %s 0.01\n" % shutil.which("sleep"))
        os.chmod(os.path.join(self.folder, "sleep"), 0o755)

    def start(self, saves, restore=None, duration=30):
        os.mkdir(os.path.join(self.folder, saves))
        environment = {**os.environ, "PATH": self.folder + ":" + os.environ["PATH"], "SPOTPROOF_DURATION_SECONDS": str(duration), "SPOTPROOF_CHECKPOINT_SECONDS": "10",
                       "SPOTPROOF_SAVES_DIR": os.path.join(self.folder, saves), "SPOTPROOF_STATUS_FILE": self.status}
        if restore:
            environment["SPOTPROOF_RESTORE_DIR"] = restore
        return subprocess.Popen([SCRIPT], env=environment, stdout=subprocess.PIPE, text=True)

    def report(self):
        try:
            with open(self.status) as file:
                return json.load(file)
        except FileNotFoundError:
            return {"percent": 0}

    def test_it_runs_to_the_end_with_a_save_at_each_interval(self):
        process = self.start("saves")
        output, _ = process.communicate(timeout=10)
        self.assertEqual((process.returncode, output), (0, "done: the sum of the squares up to 30 is 9455\n"))
        self.assertEqual(sorted(os.listdir(os.path.join(self.folder, "saves"))), ["save-10", "save-20", "save-30"])
        self.assertEqual(self.report(), {"percent": 100, "save": {"dir": "save-30", "percent": 100}})

    def test_it_saves_on_sigterm_and_goes_on_from_there(self):
        first = self.start("one", duration=40)
        wait_for(lambda: self.report()["percent"] >= 26)
        first.send_signal(signal.SIGTERM)
        output, _ = first.communicate(timeout=10)
        self.assertEqual(first.returncode, 75)
        save = self.report()["save"]
        self.assertEqual(save["percent"], self.report()["percent"])
        number = int(save["dir"].split("-")[1])
        second = self.start("two", os.path.join(self.folder, "one", save["dir"]), duration=40)
        output, _ = second.communicate(timeout=10)
        self.assertEqual(second.returncode, 0)
        self.assertTrue(output.startswith("restored: the sum up to %d is" % number))
        self.assertTrue(output.endswith("the squares up to 40 is 22140\n"))


if __name__ == "__main__":
    unittest.main()
