"""The ledger's requests as they go to DynamoDB (held against botocore's own model), and what they mean."""
import unittest

import boto3
from botocore.stub import ANY, Stubber

from .fakes import FakeTable, ledger_item

from ledger import Ledger, Superseded, unwrap, wrap

CHECKPOINT = {"key": "jobs/job-1/1-1-x", "sha256": "ab", "sizeBytes": 10, "percent": 33.25}


class Attributes(unittest.TestCase):
    def test_values_survive_the_way_there_and_back(self):
        for value in (0, 7, -3, 33.25, 1e-07, 1e20, "", "text", True, False, {"a": 1, "b": {"c": "d", "e": 0.5}}):
            with self.subTest(value=value):
                self.assertEqual(unwrap(wrap(value)), value)
                self.assertIs(type(unwrap(wrap(value))), type(value))

    def test_lists_as_the_watcher_writes_them_are_read(self):
        self.assertEqual(unwrap({"L": [{"M": {"kind": {"S": "warning"}}}, {"N": "3"}]}), [{"kind": "warning"}, 3])


class OnTheWire(unittest.TestCase):
    def setUp(self):
        self.client = boto3.client("dynamodb", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
        self.stubber = Stubber(self.client)
        self.stubber.activate()
        self.addCleanup(self.stubber.assert_no_pending_responses)
        self.ledger = Ledger(self.client, "table", "job-1", "i-1", 2)

    def expect(self, update, condition, names, values):
        self.stubber.add_response("update_item", {"Attributes": {"ownerEpoch": {"N": "4"}}}, {
            "TableName": "table", "ReturnValues": "ALL_NEW", "Key": {"jobId": {"S": "job-1"}}, "UpdateExpression": update, "ConditionExpression": condition,
            "ExpressionAttributeValues": values, **({"ExpressionAttributeNames": names} if names else {})})

    def own(self, epoch=3, sequence=4):
        self.ledger.epoch, self.ledger.sequence = epoch, sequence

    def test_reads_are_consistent(self):
        self.stubber.add_response("get_item", {"Item": {"ownerEpoch": {"N": "3"}}}, {"TableName": "table", "Key": {"jobId": {"S": "job-1"}}, "ConsistentRead": True})
        self.assertEqual(self.ledger.read(), {"ownerEpoch": 3})

    def test_the_takeover(self):
        self.expect("SET ownerEpoch = ownerEpoch + :one, ownerInstanceId = :me, ownerLaunch = :launch, ownerState = :restoring"
                    " REMOVE ownerDeadline, ownerReason, readyLaunch",
                    "ownerEpoch = :seen AND taskInstanceId = :me AND taskLaunch = :launch AND (attribute_not_exists(finished) OR finished = :false)"
                    " AND (ownerState IN (:none, :released, :dead) OR ownerDeadline < :now OR ownerInstanceId = :me)", None,
                    {":one": {"N": "1"}, ":seen": {"N": "3"}, ":me": {"S": "i-1"}, ":launch": {"N": "2"}, ":now": ANY, ":restoring": {"S": "restoring"}, ":false": {"BOOL": False},
                     ":none": {"S": "none"}, ":released": {"S": "released"}, ":dead": {"S": "dead"}})
        self.assertTrue(self.ledger.take_over(ledger_item(ownerEpoch=3, sequence=4, ownerState="dead")))
        self.assertEqual((self.ledger.epoch, self.ledger.sequence), (4, 4))

    def test_a_write_is_conditional_on_the_epoch(self):
        self.own()
        self.expect("SET #ownerState = :ownerState", "ownerEpoch = :mine", {"#ownerState": "ownerState"}, {":ownerState": {"S": "working"}, ":mine": {"N": "3"}})
        self.ledger.write(ownerState="working")

    def record(self, sequence):
        return {"M": {"key": {"S": "jobs/job-1/1-1-x"}, "sha256": {"S": "ab"}, "sizeBytes": {"N": "10"}, "percent": {"N": "33.25"}, "epoch": {"N": "3"},
                      "sequence": {"N": str(sequence)}, "committedAt": ANY}}

    def test_a_commit_is_conditional_on_the_sequence_too_and_moves_the_last_one_back(self):
        self.own()
        values = {":progressPercent": {"N": "40"}, ":last": ANY, ":sequence": {"N": "5"}, ":seen": {"N": "4"}, ":mine": {"N": "3"}}
        self.expect("SET #progressPercent = :progressPercent, #last = :last, #sequence = :sequence, #previous = #last", "ownerEpoch = :mine AND #sequence = :seen",
                    {"#progressPercent": "progressPercent", "#last": "last", "#sequence": "sequence", "#previous": "previous"}, values)
        self.assertEqual(self.ledger.commit(CHECKPOINT, True, progressPercent=40)["sequence"], 5)
        self.assertEqual(self.ledger.sequence, 5)

    def test_the_first_commit_and_one_over_a_damaged_last_leave_previous_alone(self):
        self.own()
        self.expect("SET #last = :last, #sequence = :sequence", "ownerEpoch = :mine AND #sequence = :seen", {"#last": "last", "#sequence": "sequence"},
                    {":last": ANY, ":sequence": {"N": "5"}, ":seen": {"N": "4"}, ":mine": {"N": "3"}})
        self.ledger.commit(CHECKPOINT, False)


class Fencing(unittest.TestCase):
    def ledger(self, epoch=1, sequence=0, **changes):
        self.table = FakeTable(**ledger_item(ownerEpoch=1, ownerInstanceId="i-1", ownerState="working", **changes))
        ledger = Ledger(self.table, "table", "job-1", "i-1", 1)
        ledger.epoch, ledger.sequence = epoch, sequence
        return ledger

    def test_each_write_of_a_superseded_owner_raises_and_changes_nothing(self):
        for name, write in (("write", lambda ledger: ledger.write(progressPercent=9)), ("commit", lambda ledger: ledger.commit(CHECKPOINT, False))):
            with self.subTest(name):
                ledger = self.ledger()
                self.table.item["ownerEpoch"] = 2
                before = dict(self.table.item)
                with self.assertRaisesRegex(Superseded, "is 2, ours is 1"):
                    write(ledger)
                self.assertEqual(self.table.item, before)
                self.assertTrue(self.table.calls[-1][1]["ConsistentRead"])

    def test_a_refused_condition_is_believed_only_after_reading_back(self):
        ledger = self.ledger()
        self.table.hooks["get_item"] = lambda _: self.table.item.update(ownerEpoch=1)
        self.table.item["ownerEpoch"] = 2  # a stale view that the read does not confirm
        self.assertIsNone(ledger.write(progressPercent=9))

    def test_a_commit_that_meets_its_own_success_is_a_success(self):
        ledger = self.ledger()
        first = ledger.commit(CHECKPOINT, False)
        ledger.sequence = 0
        self.assertEqual(ledger.commit(CHECKPOINT, False), first)
        self.assertEqual((ledger.sequence, self.table.item["sequence"]), (1, 1))

    def test_a_commit_after_an_earlier_one_whose_answer_was_lost_follows_it(self):
        ledger = self.ledger()
        ledger.commit(CHECKPOINT, False)
        ledger.sequence = 0
        ledger.commit({**CHECKPOINT, "sha256": "cd"}, True)
        self.assertEqual((self.table.item["sequence"], self.table.item["last"]["sha256"], self.table.item["previous"]["sha256"]), (2, "cd", "ab"))

    def test_a_late_commit_of_an_earlier_run_of_the_job_is_not_taken_for_one_of_this_run(self):
        ledger = self.ledger()
        ledger.commit(CHECKPOINT, False)
        del self.table.item["last"], self.table.item["sequence"]  # it was still on its way when the job was run again
        ledger.begin_run(ledger.read())
        self.table.item.update(sequence=1, last={**CHECKPOINT, "epoch": 1, "sequence": 1})
        with self.assertRaisesRegex(Superseded, "sequence 1, that this run of the job has not made"):
            ledger.commit({**CHECKPOINT, "sha256": "cd"}, True)
        self.assertEqual(self.table.item["last"]["sha256"], "ab")

    def test_who_is_ready_waits_for_an_owner_that_has_a_lease(self):
        for changes, expected, deadline in (
                ({}, True, 2000), ({"ownerDeadline": 1500}, True, 1500), ({"ownerEpoch": 7}, False, None), ({"taskInstanceId": "i-2"}, False, None)):
            with self.subTest(changes):
                seen = ledger_item(**{"ownerEpoch": 6, "ownerInstanceId": "i-0", "ownerState": "restoring"})
                self.table = FakeTable(**{**seen, **changes})
                self.assertEqual(Ledger(self.table, "table", "job-1", "i-1", 1).ready(seen, 2000), expected)
                self.assertEqual((self.table.item.get("readyLaunch"), self.table.item.get("ownerDeadline")), (1 if expected else None, deadline))

    def test_the_same_content_under_another_epoch_is_not_our_success(self):
        ledger = self.ledger()
        self.table.item.update(ownerEpoch=2, sequence=1, last={**CHECKPOINT, "epoch": 2, "sequence": 1})
        with self.assertRaises(Superseded):
            ledger.commit(CHECKPOINT, False)

    def test_takeovers(self):
        now = 4102444800  # in 2100
        cases = (
            ({"ownerState": "none"}, True), ({"ownerState": "released"}, True), ({"ownerState": "dead"}, True),
            ({"ownerState": "restoring"}, False), ({"ownerState": "working"}, False), ({"ownerState": "saving"}, False),
            ({"ownerState": "saving", "ownerDeadline": 1}, True), ({"ownerState": "saving", "ownerDeadline": now}, False),
            ({"ownerState": "working", "ownerInstanceId": "i-1"}, True),
            ({"ownerState": "released", "finished": True}, False), ({"ownerState": "released", "finished": False}, True),
            ({"ownerState": "none", "taskInstanceId": "i-2"}, False), ({"ownerState": "none", "taskLaunch": 2}, False),
        )
        for changes, expected in cases:
            with self.subTest(changes):
                self.table = FakeTable(**ledger_item(**{"ownerEpoch": 6, "ownerInstanceId": "i-0", **changes}))
                ledger = Ledger(self.table, "table", "job-1", "i-1", 1)
                self.assertEqual(ledger.take_over(dict(self.table.item)), expected)
                self.assertEqual((self.table.item["ownerEpoch"], ledger.epoch), (7, 7) if expected else (6, 0))

    def test_who_stands_in_has_the_job_without_the_task_until_its_lease_ends(self):
        now = 4102444800  # in 2100
        cases = (
            ({"ownerState": "released"}, True), ({"ownerState": "dead"}, True), ({"ownerState": "none"}, True), ({"ownerState": "saving", "ownerDeadline": 1}, True),
            ({"ownerState": "handing-over", "ownerInstanceId": "i-1", "ownerDeadline": now}, True),
            ({"ownerState": "handing-over", "ownerDeadline": now}, False), ({"ownerState": "working"}, False),
            ({"ownerState": "released", "finished": True}, False), ({"ownerState": "released", "ownerReason": "job-failed"}, False),
        )
        for changes, expected in cases:
            with self.subTest(changes):
                self.table = FakeTable(**ledger_item(**{"ownerEpoch": 6, "ownerInstanceId": "i-0", "taskInstanceId": "i-3", "taskLaunch": 3, "readyLaunch": 1, **changes}))
                ledger, before = Ledger(self.table, "table", "job-1", "i-1", 1), dict(self.table.item)
                self.assertEqual(ledger.stand_in(dict(self.table.item), 2000), expected)
                own = {"ownerEpoch": 7, "ownerInstanceId": "i-1", "ownerLaunch": 1, "ownerState": "handing-over", "ownerDeadline": 2000} if expected else {}
                self.assertEqual((self.table.item, ledger.epoch), ({**before, **own}, 7 if expected else 0))

    def test_of_two_takeovers_from_the_same_view_one_succeeds(self):
        self.table = FakeTable(**ledger_item())
        seen = dict(self.table.item)
        first = Ledger(self.table, "table", "job-1", "i-1", 1)
        self.assertTrue(first.take_over(seen))
        self.table.item.update(taskInstanceId="i-2", taskLaunch=2)
        self.assertFalse(Ledger(self.table, "table", "job-1", "i-2", 2).take_over(seen))
        self.assertEqual((self.table.item["ownerEpoch"], self.table.item["ownerInstanceId"]), (1, "i-1"))


if __name__ == "__main__":
    unittest.main()
