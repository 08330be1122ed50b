"""The decisions of a handoff, over all that the ledger may say."""
import itertools
import unittest

from . import fakes  # noqa: F401

from handoff import MARGIN_SECONDS, RENEW_SECONDS, UNMEASURED_SECONDS, last_moment, owner, successor

ME = {"instance": "i-1", "launch": 1, "epoch": 3}
NEW = {"instance": "i-2", "launch": 2, "epoch": 0}
WHYS = (None, "migrate", "notice", "terminate")
STATES = ("none", "restoring", "working", "handing-over", "saving", "released", "dead")


def item(**changes):
    """i-1 owns the job; i-2 has the task."""
    made = {"ownerEpoch": 3, "ownerInstanceId": "i-1", "ownerState": "handing-over", "ownerDeadline": 1120, "taskToken": "t", "taskInstanceId": "i-2", "taskLaunch": 2, **changes}
    return {name: value for name, value in made.items() if value is not None}


class Owner(unittest.TestCase):
    def test_another_epoch_ends_it_whatever_else_is_true(self):
        for why, state, ready in itertools.product(WHYS, STATES, (None, 1, 2)):
            self.assertEqual(owner(item(ownerEpoch=4, ownerState=state, readyLaunch=ready), ME, why, 1000, 1060, 3), "stop")

    def test_without_an_interruption_it_works(self):
        self.assertEqual(owner(item(ownerState="working", taskInstanceId="i-1", taskLaunch=1), ME, None, 1000, None, 3), "work")

    def test_a_notice_is_handed_over_once(self):
        for why, deadline in (("notice", 1120), ("migrate", None)):
            self.assertEqual([owner(item(ownerState=state), ME, why, 1000, deadline, 3) for state in ("restoring", "working", "handing-over")],
                             ["hand-over", "hand-over", "work"])

    def test_a_nearer_deadline_is_announced_too_and_a_later_one_is_not(self):
        for deadline, action in ((1119, "hand-over"), (1120, "work"), (1121, "work")):
            self.assertEqual(owner(item(), ME, "notice", 1000, deadline, 3), action)

    def test_a_lease_without_a_deadline_is_renewed_before_it_ends(self):
        for now, action in ((1120 - RENEW_SECONDS, "work"), (1121 - RENEW_SECONDS, "hand-over"), (1200, "hand-over")):
            self.assertEqual(owner(item(), ME, "migrate", now, None, 3), action)

    def test_it_saves_when_the_successor_that_has_the_task_is_ready_and_no_other(self):
        for ready, action in ((None, "work"), (1, "work"), (2, "save"), (3, "work")):
            with self.subTest(ready=ready):
                self.assertEqual(owner(item(readyLaunch=ready), ME, "notice", 1000, 1120, 3), action)

    def test_a_ready_mark_of_its_own_past_is_not_a_successors(self):
        self.assertEqual(owner(item(taskInstanceId="i-1", taskLaunch=1, readyLaunch=1), ME, "notice", 1000, 1120, 3), "work")

    def test_it_saves_at_the_last_safe_moment(self):
        self.assertEqual(last_moment(1120, 3), 1120 - 3 - MARGIN_SECONDS)
        for now, action in ((1106.9, "work"), (1107, "save"), (1130, "save")):
            self.assertEqual(owner(item(), ME, "notice", now, 1120, 3), action)
        self.assertEqual(owner(item(), ME, "notice", 1120 - UNMEASURED_SECONDS - MARGIN_SECONDS, 1120, UNMEASURED_SECONDS), "save")

    def test_a_migration_has_no_last_moment(self):
        self.assertEqual(owner(item(ownerDeadline=10000100), ME, "migrate", 9999999, None, 3), "work")

    def test_a_shutdown_saves_at_once_and_what_is_being_saved_stays_so(self):
        for state in ("restoring", "working", "handing-over", "saving"):
            self.assertEqual(owner(item(ownerState=state), ME, "terminate", 1000, 1060, 3), "save")
        for why in WHYS:
            self.assertEqual(owner(item(ownerState="saving"), ME, why, 1000, 1120, 3), "save")


class Successor(unittest.TestCase):
    def test_it_waits_until_the_task_is_its_own(self):
        for change in ({"taskInstanceId": "i-1", "taskLaunch": 1}, {"taskLaunch": 1}, {"taskToken": None}):
            for state in STATES:
                self.assertEqual(successor(item(ownerState=state, **change), NEW, None, 1000, None, 3), "wait")
        self.assertEqual(successor({}, NEW, None, 1000, None, 3), "wait")

    def test_it_leaves_when_a_later_launch_has_the_task(self):
        for state in STATES:
            self.assertEqual(successor(item(ownerState=state, taskInstanceId="i-3", taskLaunch=3), NEW, None, 1000, None, 3), "leave")

    def test_it_takes_over_after_release_death_or_deadline_and_not_before(self):
        for state, deadline in itertools.product(STATES, (None, 999, 1000, 1001)):
            free = state in ("none", "released", "dead") or deadline == 999
            self.assertEqual(successor(item(ownerState=state, ownerDeadline=deadline), NEW, None, 1000, None, 3), "take-over" if free else "ready")

    def test_it_says_once_that_it_is_ready(self):
        for ready, action in ((None, "ready"), (1, "ready"), (2, "wait")):
            self.assertEqual(successor(item(readyLaunch=ready), NEW, None, 1000, None, 3), action)

    def test_a_finished_job_is_reported_and_never_taken_over(self):
        for state, why in itertools.product(STATES, WHYS):
            self.assertEqual(successor(item(ownerState=state, finished=True), NEW, why, 1000, 1060, 3), "report")

    def test_interrupted_itself_it_leaves_unless_it_can_work_until_its_own_end(self):
        for why, state, deadline, action in (("notice", "handing-over", 1120, "answer"), ("notice", "handing-over", 1005, "leave"), ("notice", "released", 1120, "take-over"), ("notice", "released", 1005, "leave"),
                                             ("terminate", "handing-over", 1060, "leave"), ("terminate", "released", 1060, "leave"), ("migrate", "released", None, "take-over")):
            with self.subTest(why=why, state=state, deadline=deadline):
                self.assertEqual(successor(item(ownerState=state), NEW, why, 1000, deadline, 3), action)
        for why in ("notice", "terminate"):
            self.assertEqual(successor(item(taskInstanceId="i-1", taskLaunch=1), NEW, why, 1000, 1060, 3), "leave")

    def test_with_a_notice_it_stands_in_when_the_job_is_free_and_the_next_launch_is_not_up(self):
        def third(**changes):
            return item(**{"taskInstanceId": "i-3", "taskLaunch": 3, "readyLaunch": 2, **changes})
        for state in STATES:
            free = state in ("none", "released", "dead")
            self.assertEqual(successor(third(ownerState=state), NEW, "notice", 1000, 1060, 3), "stand-in" if free else "wait")
        self.assertEqual(successor(third(ownerDeadline=999), NEW, "notice", 1000, 1060, 3), "stand-in")
        for change, action in (({"readyLaunch": 3}, "wait"), ({"finished": True}, "leave"), ({"ownerReason": "job-failed"}, "leave")):
            self.assertEqual(successor(third(ownerState="released", **change), NEW, "notice", 1000, 1060, 3), action)
        for why, deadline in (("notice", 1012), ("terminate", 1060), (None, None), ("migrate", None)):
            self.assertEqual(successor(third(ownerState="released"), NEW, why, 1000, deadline, 3), "leave")

    def test_an_earlier_life_of_its_own_is_taken_over_while_the_task_is_here(self):
        for state in STATES:
            self.assertEqual(successor(item(taskInstanceId="i-1", taskLaunch=1, ownerState=state), {**ME, "epoch": 0}, None, 1000, None, 3), "take-over")

    def test_and_stood_in_for_when_the_task_has_gone_until_its_instance_is_ready_or_the_last_safe_moment_has_come(self):
        for state, (why, deadline, ready, action) in itertools.product(STATES, (
                (None, None, None, "stand-in"), ("migrate", None, None, "stand-in"), ("notice", 1060, None, "stand-in"), ("notice", 1060, 1, "stand-in"),
                (None, None, 2, "release"), ("notice", 1060, 2, "release"), ("notice", 1013, None, "release"), ("terminate", 1060, None, "release"))):
            free = state in ("none", "released", "dead")
            self.assertEqual(successor(item(ownerState=state, readyLaunch=ready), {**ME, "epoch": 0}, why, 1000, deadline, 3), "leave" if free else action)
        self.assertEqual(successor(item(finished=True), {**ME, "epoch": 0}, None, 1000, None, 3), "leave")


if __name__ == "__main__":
    unittest.main()
