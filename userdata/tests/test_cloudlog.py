"""The agent's log on its way to CloudWatch Logs."""
import json
import os
import tempfile
import threading
import unittest
from unittest import mock

from .fakes import FakeLogs, client_error, unreachable

import cloudlog
from cloudlog import CloudLog
from log import Log


class CloudLogTest(unittest.TestCase):
    def setUp(self):
        for name, value in (("GATHER_SECONDS", 0.01), ("AGAIN_SECONDS", 0.01)):
            patcher = mock.patch.object(cloudlog, name, value)
            patcher.start()
            self.addCleanup(patcher.stop)
        self.logs = FakeLogs()
        self.log = CloudLog(self.logs, "/spotproof/agent", "job-1/1-i-1")

    def sent(self, *lines, run=True):
        """What stands in the stream once these (seconds, line) were taken and the end was met."""
        for line in lines:
            self.log(*line)
        if run:
            threading.Thread(target=self.log.run, daemon=True).start()
        self.log.end()
        return [(event["timestamp"], event["message"]) for event in self.logs.events.get("job-1/1-i-1", [])]

    def requests(self):
        return [arguments for name, arguments in self.logs.calls if name == "put_log_events"]

    def test_lines_come_in_one_request_in_order_of_time(self):
        self.assertEqual(self.sent((2.5, "b"), (1, "a"), (3, "c")), [(1000, "a"), (2500, "b"), (3000, "c")])
        self.assertEqual(len(self.requests()), 1)

    def test_an_earlier_life_made_the_stream(self):
        self.logs.events["job-1/1-i-1"] = []
        self.assertEqual(self.sent((1, "a")), [(1000, "a")])

    def test_a_request_that_fails_is_sent_again(self):
        self.logs.fail["put_log_events"] = [client_error("ThrottlingException")]
        self.logs.fail["create_log_stream"] = [unreachable()]
        self.log(1, "a")
        thread = threading.Thread(target=self.log.run, daemon=True)
        thread.start()
        while not self.logs.events.get("job-1/1-i-1"):
            thread.join(0.01)
        self.assertEqual(self.sent(run=False), [(1000, "a")])

    def test_what_cannot_be_sent_is_dropped_and_holds_nobody_up(self):
        self.logs.fail["create_log_stream"] = [unreachable()] * 10
        self.assertEqual(self.sent((1, "a"), (2, "b")), [])
        self.assertEqual(self.log.dropped, 2)

    def test_a_flood_is_bounded(self):
        with mock.patch.object(cloudlog, "MOST_WAITING", 10), mock.patch.object(cloudlog, "MOST_LINES", 4):
            for number in range(15):
                self.log(number, "x")
            self.assertEqual(len(self.sent()), 10)
        self.assertEqual(self.log.dropped, 5)
        self.assertEqual([len(arguments["logEvents"]) for arguments in self.requests()], [4, 4, 2])

    def test_a_long_line_is_cut_off(self):
        with mock.patch.object(cloudlog, "MOST_LINE_BYTES", 5):
            self.assertEqual(self.sent((1, "abc\u00e9\u00e9")), [(1000, "abc\u00e9")])

    def test_the_log_sends_all_but_the_jobs_output_from_its_first_line(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch("sys.stdout"):
            log = Log(os.path.join(folder, "agent.log"))
            log("booted", job="job-1")
            log.send_to(self.log)
            log("job-output", line="noise")
            log("committed", percent=50)
        self.assertEqual([json.loads(line)["event"] for _, line in self.sent()], ["booted", "committed"])


if __name__ == "__main__":
    unittest.main()
