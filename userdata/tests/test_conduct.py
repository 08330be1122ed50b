"""What is made of a job's exit codes, its progress and its steps back."""
import signal
import unittest

from . import fakes  # noqa: F401
from conduct import Conduct, by_signal, ending


class ConductTest(unittest.TestCase):
    def setUp(self):
        self.events = []

    def make(self, **options):
        made = Conduct(lambda event, level="info", **fields: self.events.append((event, level, fields)), **options)
        made.begin(10, 0)
        return made

    def names(self):
        return [event for event, _, _ in self.events]

    def test_75_configured_codes_and_signals_are_run_again_all_others_have_failed(self):
        for code, fails in ((75, False), (3, False), (-9, False), (143, False), (1, True), (2, True), (126, True), (127, True), (255, True)):
            with self.subTest(code):
                failure = self.make(retryable=[3]).failure(code, "it ended", committed=10)
                self.assertEqual(failure, "it ended" if fails else None)

    def test_three_runs_without_a_checkpoint_further_on_are_a_crash_loop(self):
        made = self.make()
        self.assertIsNone(made.failure(-9, "by SIGKILL", 10))
        self.assertIsNone(made.failure(-9, "by SIGKILL", 11))
        made.begin(11, 0)
        self.assertIsNone(made.failure(-9, "by SIGKILL", 11))
        self.assertIsNone(made.failure(-9, "by SIGKILL", 11))
        self.assertEqual(made.failure(-9, "by SIGKILL", 11), "a crash loop: 3 runs in a row brought no checkpoint further on; of the last, by SIGKILL")
        self.assertEqual(self.names(), ["crash-loop"])

    def test_a_run_that_was_asked_to_end_is_no_sign_of_one(self):
        made = self.make()
        self.assertEqual([made.failure(code, "", 10, asked=True) for code in (75, -15, 143, -9, 75)], [None] * 5)
        self.assertEqual(made.failure(1, "it exited with code 1", 10, asked=True), "it exited with code 1")

    def test_no_progress_is_told_once_in_each_period_and_ends_nothing(self):
        made = self.make(warn_seconds=100)
        self.assertEqual([made.look(now) for now in (50, 99, 100, 101, 199, 200)], [False] * 6)
        self.assertEqual([(event, fields["seconds"]) for event, _, fields in self.events], [("no-progress", 100), ("no-progress", 200)])
        made.reported(11, 210)
        made.look(309)
        self.assertEqual(len(self.events), 2)
        made.look(310)
        self.assertEqual(self.events[-1], ("no-progress", "warning", {"percent": 11, "seconds": 100}))

    def test_saying_the_same_again_is_no_progress(self):
        made = self.make(warn_seconds=100)
        for now in range(0, 100, 10):
            made.reported(10, now)
        made.look(100)
        self.assertEqual(self.names(), ["no-progress"])

    def test_a_job_at_100_percent_that_does_not_exit_is_called_so(self):
        made = self.make(warn_seconds=100)
        made.reported(100, 5)
        made.look(105)
        self.assertEqual(self.events[-1][2]["hint"], "it has reported 100 % and does not exit")

    def test_a_job_without_progress_is_ended_only_if_that_is_asked_for_and_then_it_was_a_fruitless_run(self):
        made = self.make(warn_seconds=1000, end_seconds=100)
        for _ in range(2):
            self.assertEqual([made.look(now) for now in (99, 100, 101)], [False, True, False])
            self.assertIsNone(made.failure(75, "it exited with code 75", committed=10))
            made.begin(10, 0)
        made.look(100)
        self.assertEqual(made.failure(75, "", committed=10),
                         "a crash loop: 3 runs in a row brought no checkpoint further on; of the last, it made no progress for 100 s and was ended")

    def test_a_step_back_is_told_once_in_a_run(self):
        made = self.make()
        for percent in (20, 15, 12, 30, 5):
            made.reported(percent, 1)
        self.assertEqual(self.events, [("progress-went-back", "warning", {"fromPercent": 20, "toPercent": 15})])
        made.begin(30, 2)
        made.reported(0, 3)
        self.assertEqual(len(self.events), 2)

    def test_endings_are_explained(self):
        for code, asked, killed, text in (
                (2, False, False, "the job command exited with code 2"),
                (2, True, False, "the job command exited with code 2 after SIGTERM, upon which it should save and exit 75"),
                (75, True, False, "the job command exited with code 75"),
                (-15, True, False, "the job command was ended by SIGTERM"),
                (139, False, False, "the job command was ended by SIGSEGV"),
                (-9, False, False, "the job command was ended by SIGKILL, perhaps of the kernel's, out of memory"),
                (-9, True, True, "the job command was ended by SIGKILL of the agent's")):
            with self.subTest(code):
                self.assertEqual(ending(code, asked, killed), text)

    def test_the_kernel_says_whether_memory_had_run_out(self):
        for code, kills, text in (
                (-9, 0, "the job command was ended by SIGKILL"),
                (137, 1, "the job command was ended by SIGKILL of the kernel's, out of memory: instances with more of it stand in the knob instanceTypes"),
                (1, 2, "the job command exited with code 1, after the kernel had ended processes of it, out of memory: instances with more of it stand in the knob instanceTypes")):
            with self.subTest(code):
                self.assertEqual(ending(code, False, False, kills), text)

    def test_signals_are_known_by_a_shells_codes_too(self):
        self.assertEqual([by_signal(code) for code in (-15, 143, 128, 255, 75, 0)], [signal.SIGTERM, signal.SIGTERM, None, None, None, None])


if __name__ == "__main__":
    unittest.main()
