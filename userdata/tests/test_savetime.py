"""How long a save takes, and what is said of one that takes too long."""
import unittest

from . import fakes  # noqa: F401

from savetime import FITS_SECONDS, SaveTime


class Advice(unittest.TestCase):
    def measured(self, job, store):
        saves = SaveTime()
        saves.note_job(job)
        saves.note_store(store)
        return saves

    def test_it_names_the_size_that_would_fit_at_the_measured_rate(self):
        advice = self.measured(5, 200).advice(2000)
        self.assertEqual((advice["saveSeconds"], advice["fitsSeconds"]), (205, FITS_SECONDS))
        self.assertEqual(advice["fitsBytes"], 2000 * (FITS_SECONDS - 5) // 200)

    def test_no_size_fits_when_the_jobs_own_part_is_too_long(self):
        self.assertEqual(self.measured(FITS_SECONDS + 1, 10).advice(2000)["fitsBytes"], 0)

    def test_it_names_an_interval_that_leaves_time_for_work(self):
        self.assertEqual(self.measured(20, 100).advice(1)["fitsIntervalSeconds"], 1200)

    def test_a_notice_gives_what_is_left_when_it_is_seen_late_and_with_a_margin(self):
        self.assertEqual(FITS_SECONDS, 120 - 5 - 10)


if __name__ == "__main__":
    unittest.main()
