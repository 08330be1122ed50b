"""What the monitor makes of the metadata service's items."""
import json
import math
import threading
import unittest
from datetime import datetime, timedelta, timezone
from unittest import mock

from botocore.credentials import RefreshableCredentials
from botocore.exceptions import CredentialRetrievalError

from .fakes import FakeMetadata, wait_for

import monitor as monitor_module
from metadata import MetadataError
from monitor import ROLE, Event, Monitor, epoch_seconds

ACTION, TERMINATION, REBALANCE = "spot/instance-action", "spot/termination-time", "events/recommendations/rebalance"
TIME, SECONDS = "2017-09-18T08:22:00Z", 1505722920


class MonitorTest(unittest.TestCase):
    def setUp(self):
        self.metadata, self.told, self.logged, self.words = FakeMetadata(), [], [], []
        self.monitor = Monitor(self.metadata, self.told.append, lambda *line, **words: (self.logged.append(line), self.words.append(words)))

    def poll(self, **items):
        self.metadata.items.update(items)
        self.monitor.poll()
        return self.told

    def test_nothing_is_told_while_there_is_nothing(self):
        self.assertEqual(self.poll(), [])

    def test_each_kind_is_told_once_however_often_it_is_seen(self):
        for _ in range(3):
            self.poll(**{ACTION: json.dumps({"action": "terminate", "time": TIME}), TERMINATION: TIME, REBALANCE: json.dumps({"noticeTime": TIME})})
        self.assertEqual(self.told, [Event("notice", SECONDS), Event("rebalance", SECONDS)])

    def test_either_item_alone_is_a_notice(self):
        self.assertEqual(self.poll(**{TERMINATION: TIME + "\n"}), [Event("notice", SECONDS)])

    def test_what_is_no_time_means_nothing_until_it_is_one(self):
        for text in ("", "never", "2017-09-18"):
            self.assertEqual(self.poll(**{TERMINATION: text, ACTION: text, REBALANCE: text}), [])
        for text in ('{"action": "terminate"}', "[]", "7", '{"time": 7}'):
            self.assertEqual(self.poll(**{ACTION: text}), [])
        self.assertEqual(self.poll(**{TERMINATION: TIME}), [Event("notice", SECONDS)])

    def test_times_are_utc(self):
        self.assertEqual(epoch_seconds("1970-01-02T00:00:00Z"), 86400)

    def credentials(self, expires):
        self.metadata.items.update({ROLE: "role-1\n", ROLE + "role-1": json.dumps({"Code": "Success", "Expiration": expires} if expires else {"Code": "AssumeRoleUnauthorizedAccess", "Message": "EC2 cannot assume the role role-1."})})

    def test_credentials_that_are_not_renewed_in_time_make_it_move_while_it_can(self):
        self.credentials(TIME)
        for left, told in ((21600, []), (300, []), (250, [Event("migrate", SECONDS)]), (190, [Event("migrate", SECONDS)])):
            with self.subTest(left=left), mock.patch.object(monitor_module.time, "time", return_value=SECONDS - left):
                self.monitor.looks = 0
                self.monitor.look()
                self.assertEqual(self.told, told)
        self.assertEqual([line[0] for line in self.logged], ["credentials-not-renewed"])

    def looks(self, *lefts):
        for left in lefts:
            with mock.patch.object(monitor_module.time, "time", return_value=SECONDS - left):
                self.monitor.look_at_credentials()

    def refused(self):
        self.credentials(None)

    def no_document(self):
        del self.metadata.items[ROLE + "role-1"]

    def no_role(self):
        del self.metadata.items[ROLE]

    def test_credentials_that_are_gone_make_it_move_at_the_second_look_while_the_sdk_still_has_some(self):
        for gone, why in ((self.refused, "AssumeRoleUnauthorizedAccess, EC2 cannot assume the role role-1."), (self.no_document, "404 Not Found"), (self.no_role, "404 Not Found")):
            with self.subTest(gone.__name__):
                self.setUp()
                self.credentials(TIME)
                self.looks(18060)
                gone()
                self.looks(18000)
                self.assertEqual(self.told, [])
                self.looks(17940, 17880)
                self.assertEqual(self.told, [Event("migrate", math.inf)])
                self.looks(1510, 1490, 920, 890)
                self.assertEqual(self.told[1:], [Event("migrate", SECONDS - 900), Event("migrate", SECONDS)], "the SDK makes no request in the last 15 minutes")
                self.assertEqual([line[0] for line in self.logged], ["credentials-not-renewed"])
                self.assertIn("no credentials of the role role-1 any more: %s" % why, self.words[0]["error"])

    def test_one_look_without_credentials_means_nothing_unless_it_is_late(self):
        self.credentials(TIME)
        for left in (18000, 1200):
            self.refused()
            self.looks(left)
            self.credentials(TIME)
            self.looks(left - 60)
        self.assertEqual(self.told, [])
        self.refused()
        self.looks(280)
        self.assertEqual(self.told, [Event("migrate", SECONDS)])

    def test_that_it_has_seen_them_gone_late_leaves_it_until_they_expire(self):
        self.credentials(TIME)
        self.looks(900)
        self.refused()
        self.looks(840, 780)
        self.assertEqual(self.told, [Event("migrate", SECONDS)])

    def test_renewed_ones_and_no_role_mean_nothing(self):
        with mock.patch.object(monitor_module.time, "time", return_value=SECONDS):
            self.monitor.look_at_credentials()
            self.credentials("2017-09-18T14:22:00Z")
            self.monitor.look_at_credentials()
        self.assertEqual(self.told, [])

    def test_it_looks_at_credentials_once_a_minute(self):
        asked = []
        get = self.metadata.get
        self.metadata.get = lambda path: (asked.append(path), get(path))[1]
        for _ in range(24):
            self.monitor.look()
        self.assertEqual(asked.count(ROLE), 2)

    def test_it_polls_every_five_seconds_until_it_is_over(self):
        waits = []

        class Ended:
            def wait(self, seconds):
                waits.append(seconds)
                return len(waits) == 3

        self.monitor.watch(Ended())
        self.assertEqual(waits, [5, 5, 5])

    def test_an_outage_of_the_service_is_logged_once_and_survived(self):
        failures = [MetadataError("down")] * 2
        ended = threading.Event()

        def get(path):
            if failures:
                raise failures.pop()
            return TIME if path == TERMINATION else None

        self.metadata.get = get
        with mock.patch.object(monitor_module, "POLL_SECONDS", 0.001):
            thread = threading.Thread(target=self.monitor.watch, args=(ended,))
            thread.start()
            wait_for(lambda: self.told)
            ended.set()
            thread.join()
        self.assertEqual(self.logged, [("metadata-unreachable", "warning")])
        self.assertEqual(self.told, [Event("notice", SECONDS)])


class TheSdksOwnView(unittest.TestCase):
    def keys(self, seconds):
        """What the SDK signs with when its credentials expire so soon, and the service gives none any more."""
        expires = datetime.now(timezone.utc) + timedelta(seconds=seconds)
        credentials = RefreshableCredentials("key", "secret", "token", expires, refresh_using=lambda: {}, method="iam-role")
        return credentials.get_frozen_credentials().access_key

    def test_of_when_missing_credentials_fail_a_request(self):
        self.assertEqual(self.keys(monitor_module.SDK_SECONDS + 60), "key")
        with self.assertRaises(CredentialRetrievalError):
            self.keys(monitor_module.SDK_SECONDS - 1)


class Recorded(unittest.TestCase):
    def test_what_the_watcher_has_recorded_of_this_instance_is_told_and_nothing_else(self):
        notices = [{"instanceId": "i-1", "kind": "rebalance", "time": "2030-01-01T00:00:00Z"}, {"instanceId": "i-2", "kind": "interrupt", "time": "2030-01-01T00:00:00Z"},
                   {"instanceId": "i-1", "kind": "interrupt", "time": "2030-01-01T00:00:10Z"}, {"instanceId": "i-1", "kind": "interrupt", "time": "soon"}]
        self.assertEqual(list(monitor_module.recorded({"notices": notices}, "i-1")), [Event("rebalance", 1893456000), Event("notice", 1893456130)])
        self.assertEqual(list(monitor_module.recorded({}, "i-1")), [])


if __name__ == "__main__":
    unittest.main()
