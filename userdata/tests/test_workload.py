"""The default workload on a clock of the test's own: what it saves, when, and that each unit runs exactly once."""
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

from .fakes import WORKLOAD, wait_for

import workload as workload_module
from workload import Workload


class Killed(BaseException):
    """The machine is gone."""


class FakeTime:
    """Stands in for the module `time`; at `at`, during whichever sleep covers it, `strike` is called."""

    def __init__(self):
        self.now, self.at, self.strike = 5000.25, None, None

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        assert seconds > 0 or seconds == 0, seconds
        end = self.now + seconds
        while self.at is not None and self.at <= end:
            self.now, self.at = max(self.now, self.at), None
            self.strike()
        self.now = end


CHAIN = [hashlib.sha256(b"job-1").hexdigest()]


def chain(units):
    """The digest that job-1 must have after so many units."""
    while len(CHAIN) <= units:
        CHAIN.append(hashlib.sha256(("%s:%d" % (CHAIN[-1], len(CHAIN))).encode()).hexdigest())
    return CHAIN[units]


class OnAFakeClock(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.time = FakeTime()
        patcher = mock.patch.object(workload_module, "time", self.time)
        patcher.start()
        self.addCleanup(patcher.stop)
        self.restore, self.statuses, self.attempt, self.files = None, [], 0, True

    def run_once(self, strike=None, after=None, **settings):
        """Runs until it exits, or is killed: (exit code or None, the workload). `strike` is "terminate" or "kill"."""
        self.attempt += 1
        saves = os.path.join(self.folder, "saves-%d" % self.attempt)
        os.mkdir(saves)
        values = {"DURATION_SECONDS": 360, "CHECKPOINT_SECONDS": 120, "SAVE_SECONDS": 3, "REPORT_SECONDS": 1, **settings}
        environment = {"SPOTPROOF_" + name: format(value, "g") for name, value in values.items()}
        environment.update(SPOTPROOF_JOB_ID="job-1", SPOTPROOF_SAVES_DIR=saves, SPOTPROOF_STATUS_FILE=os.path.join(saves, "..", "status.json"))
        if self.restore:
            environment["SPOTPROOF_RESTORE_DIR"] = self.restore
        workload = Workload(environment)
        original, self.statuses = workload.report, []

        def report():
            if self.files:
                original()
            self.statuses.append((self.time.now, {"percent": workload.percent(), **({"save": workload.save} if workload.save else {})}))

        def kill():
            raise Killed

        workload.report = report
        if strike:
            self.time.at, self.time.strike = self.time.now + after, workload.terminate if strike == "terminate" else kill
        try:
            code = workload.work()
        except Killed:
            code = None
        self.time.at = None
        save = self.statuses[-1][1].get("save") if self.statuses else None
        if save:
            self.restore = os.path.join(saves, save["dir"])
        return code, workload

    def saves(self):
        """Percent of each save reported, with the time since the start."""
        found = []
        for at, status in self.statuses:
            if "save" in status and (not found or status["save"]["percent"] != found[-1][1]):
                found.append((round(at - self.statuses[0][0], 3), status["save"]["percent"]))
        return found

    def state(self):
        with open(os.path.join(self.restore, "state.json")) as file:
            return json.load(file)

    def test_it_saves_at_each_interval_of_work_and_at_the_end(self):
        code, _ = self.run_once()
        self.assertEqual(code, 0)
        self.assertEqual(self.saves(), [(123, 33.3333), (246, 66.6667), (369, 100)])
        self.assertEqual(self.state(), {"jobId": "job-1", "unitsDone": 360, "unitsTotal": 360, "digest": chain(360), "runs": [{"fromUnit": 0, "toUnit": 360}]})

    def test_an_interval_longer_than_the_job_means_only_the_final_save(self):
        self.run_once(CHECKPOINT_SECONDS=600)
        self.assertEqual(self.saves(), [(363, 100)])

    def test_an_interval_that_ends_with_the_job_means_no_save_twice(self):
        self.run_once(CHECKPOINT_SECONDS=360)
        self.assertEqual(self.saves(), [(363, 100)])

    def test_it_reports_as_often_as_asked_and_never_backwards(self):
        for period, least in ((1, 360), (1.5, 240), (60, 6)):
            with self.subTest(period=period):
                self.restore = None
                self.run_once(REPORT_SECONDS=period)
                gaps = [b[0] - a[0] for a, b in zip(self.statuses, self.statuses[1:])]
                self.assertLessEqual(max(gaps), period + 3 + 1e-6)
                self.assertGreaterEqual(len(self.statuses), least)
                percents = [status["percent"] for _, status in self.statuses]
                self.assertEqual(percents, sorted(percents))
                self.assertEqual((percents[0], percents[-1]), (0, 100))

    def test_the_status_file_says_what_the_contract_wants(self):
        _, workload = self.run_once()
        with open(workload.status_file) as file:
            self.assertEqual(json.load(file), {"percent": 100, "save": {"dir": "save-360", "percent": 100, "seconds": 3}})
        self.assertFalse(os.path.exists(workload.status_file + ".new"))

    def test_there_is_no_save_in_the_status_before_the_first(self):
        self.run_once()
        self.assertTrue(all("save" not in status for at, status in self.statuses if at < self.statuses[0][0] + 123))

    def test_sigterm_saves_the_whole_units_at_once_and_exits_75(self):
        code, workload = self.run_once("terminate", 136.7)
        self.assertEqual((code, workload.state["unitsDone"]), (75, 133), "133 whole units beside a save of 3 s")
        self.assertEqual(self.saves()[-1], (139.7, 36.9444))
        self.assertEqual(self.state()["digest"], chain(133))

    def test_sigterm_interrupts_a_long_pause_but_never_a_save(self):
        code, workload = self.run_once("terminate", 90.5, REPORT_SECONDS=60)
        self.assertEqual((code, self.saves()), (75, [(93.5, 25)]))
        self.restore = None
        code, workload = self.run_once("terminate", 121)
        self.assertEqual((code, workload.state["unitsDone"], self.saves()), (75, 120, [(123, 33.3333)]))

    def test_sigterm_right_after_a_save_or_a_resume_needs_no_second_save(self):
        code, workload = self.run_once("terminate", 123.5)
        self.assertEqual((code, len(self.saves())), (75, 1))
        code, workload = self.run_once("terminate", 0.5)
        self.assertEqual((code, self.saves()), (75, []))

    def test_sigterm_during_the_final_save_lets_it_finish(self):
        code, _ = self.run_once("terminate", 367)
        self.assertEqual((code, self.saves()[-1]), (0, (369, 100)))

    def test_sigterm_before_the_first_unit_has_nothing_to_save(self):
        code, _ = self.run_once("terminate", 0)
        self.assertEqual((code, self.saves(), self.restore), (75, [], None))

    def test_a_resumed_job_goes_on_at_the_unit_where_it_was(self):
        self.run_once("terminate", 60.5)
        code, workload = self.run_once()
        self.assertEqual((code, self.saves()), (0, [(63, 33.3333), (186, 66.6667), (309, 100)]))
        self.assertEqual(self.state()["runs"], [{"fromUnit": 0, "toUnit": 60}, {"fromUnit": 60, "toUnit": 360}])

    def test_a_job_resumed_at_its_end_is_done_at_once(self):
        self.run_once()
        began = self.time.now
        code, workload = self.run_once()
        self.assertEqual((code, self.time.now, self.statuses[-1][1]), (0, began, {"percent": 100}))

    def test_another_jobs_save_is_refused(self):
        self.run_once("terminate", 60.5)
        with self.assertRaisesRegex(SystemExit, "of another job"):
            self.run_once(DURATION_SECONDS=361)

    def test_what_it_writes_beside_its_state_takes_no_room_and_is_checked_when_it_is_restored(self):
        for megabytes, size in ((64, 64000000), (0.0001, 100), (0.00001, 10)):
            self.restore = None
            self.run_once("terminate", 60.5, SAVE_MEGABYTES=megabytes)
            rest = os.path.join(self.restore, "state.rest")
            status = os.stat(rest)
            self.assertEqual(status.st_size, size)
            self.assertLess(status.st_blocks * 512, 1 << 20)
            self.assertEqual(self.run_once("terminate", 60.5, SAVE_MEGABYTES=megabytes)[0], 75)
        self.restore = None
        self.run_once("terminate", 60.5, SAVE_MEGABYTES=1)
        rest = os.path.join(self.restore, "state.rest")
        with open(rest, "r+b") as file:
            whole = file.read()
            for bad in (whole[:-500000], whole[500000:] + whole[:500000], whole[:250000] + b"x" + whole[250001:], b""):
                with self.subTest(bad=len(bad)):
                    file.seek(0)
                    file.truncate()
                    file.write(bad)
                    file.flush()
                    with self.assertRaisesRegex(SystemExit, "state.rest is not what was saved"):
                        self.run_once(SAVE_MEGABYTES=1)

    def test_whatever_interrupts_it_each_unit_runs_exactly_once_and_lost_work_is_bounded(self):
        seeded, self.files = random.Random(20150106), False  # a status file written a hundred thousand times adds nothing
        for case in range(40):
            settings = {"DURATION_SECONDS": seeded.choice((1, 7, 60, 90.5, 360)), "CHECKPOINT_SECONDS": seeded.choice((1, 2, 7.5, 30, 120, 1000)),
                        "SAVE_SECONDS": seeded.choice((0, 0.4, 3)), "REPORT_SECONDS": seeded.choice((1, 1.5, 60))}
            self.restore, strikes, code = None, [], None
            while code != 0:
                strike = (seeded.choice(("terminate", "kill")), seeded.choice((seeded.uniform(0, 400), seeded.uniform(0, 10), 30, 33, 120, 123)))
                if len(strikes) == 12:
                    strike = (None, None)
                strikes.append(strike)
                with self.subTest(case=case, settings=settings, strikes=strikes):
                    before = self.state()["unitsDone"] if self.restore else 0
                    code, workload = self.run_once(*strike, **settings)
                    self.assertIn(code, (0, 75) if strike[0] != "kill" else (0, None))
                    saved = self.state()["unitsDone"] if self.restore else 0
                    done = workload.state["unitsDone"]
                    self.assertGreaterEqual(saved, before)
                    self.assertLessEqual(done - saved, max(1, round(settings["CHECKPOINT_SECONDS"])) if code is None else 0)
                    if self.restore:
                        self.assertEqual(self.state()["digest"], chain(saved))
                    if code == 0:
                        self.assertEqual((saved, saved), (workload.state["unitsTotal"], done))


class AsAProcess(unittest.TestCase):
    def test_a_real_sigterm_during_a_real_pause(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        status = os.path.join(folder, "status.json")
        environment = {"SPOTPROOF_" + name: value for name, value in (
            ("DURATION_SECONDS", "60"), ("CHECKPOINT_SECONDS", "30"), ("SAVE_SECONDS", "0.1"), ("REPORT_SECONDS", "60"), ("JOB_ID", "job-1"),
            ("SAVES_DIR", folder), ("STATUS_FILE", status))}
        process = subprocess.Popen([sys.executable, os.path.join(WORKLOAD, "workload.py")], env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True)
        wait_for(lambda: os.path.exists(status))
        threshold = 1.05  # let one unit pass, so that there is something to save
        with self.assertRaises(subprocess.TimeoutExpired):
            process.wait(threshold)
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=5)
        self.assertEqual(process.returncode, 75)
        with open(os.path.join(folder, "save-1", "state.json")) as file:
            self.assertEqual(json.load(file)["digest"], chain(1))
        self.assertIn("exit 75 at unit 1", output)


if __name__ == "__main__":
    unittest.main()
