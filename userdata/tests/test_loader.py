"""The loader: from an empty folder to a running agent, or to power-off with the reason."""
import contextlib
import hashlib
import io
import json
import os
import shutil
import sys
import tempfile
import unittest
import zipfile
from unittest import mock

from .fakes import HERE, FakeSteps, FakeTable, client_error, ledger_item, unreachable

sys.path.insert(0, os.path.join(HERE, "..", "loader"))
import loader  # noqa: E402


def archive(text="def main():\n    print('agent runs')\n"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        zipped.writestr("agent.py", text)
        zipped.writestr("workload/workload.py", "pass")
    return buffer.getvalue()


class Clock:
    def __init__(self):
        self.now = 1000.0

    def sleep(self, seconds):
        self.now += seconds


class Bucket:
    """`answers`: what the next requests get, bytes or an exception; the last one for ever."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def get_object(self, **arguments):
        self.asked.append(arguments)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return {"Body": io.BytesIO(answer)}


class Loader(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.clock = Clock()
        self.good = archive()
        self.task = mock.Mock()
        self.settings = {
            "SPOTPROOF_REGION": "us-east-1", "SPOTPROOF_AGENT_BUCKET": "bucket", "SPOTPROOF_AGENT_KEY": "agent.zip",
            "SPOTPROOF_AGENT_VERSION": "v1", "SPOTPROOF_AGENT_SHA256": hashlib.sha256(self.good).hexdigest()}

    def run_loader(self, call):
        """What `call` returns, and the log."""
        out = io.StringIO()
        with mock.patch.object(loader, "HERE", self.folder), mock.patch.object(loader.time, "monotonic", lambda: self.clock.now), \
                mock.patch.object(loader.time, "sleep", self.clock.sleep), contextlib.redirect_stdout(out):
            returned = call()
        return returned, [json.loads(line) for line in out.getvalue().splitlines() if line.startswith("{")]

    def load(self, bucket):
        (folder, self.why), log = self.run_loader(lambda: loader.load(self.settings, self.task, lambda region: bucket))
        return folder, log

    def test_it_fetches_that_version_and_unpacks_it(self):
        bucket = Bucket(self.good)
        folder, log = self.load(bucket)
        self.assertEqual(bucket.asked, [{"Bucket": "bucket", "Key": "agent.zip", "VersionId": "v1"}])
        self.assertTrue(os.path.exists(os.path.join(folder, "workload", "workload.py")))
        self.assertEqual([line["event"] for line in log], ["agent-loaded"])

    def test_it_fetches_nothing_when_an_earlier_life_has(self):
        first, _ = self.load(Bucket(self.good))
        bucket = Bucket(unreachable())
        self.assertEqual(self.load(bucket), (first, []))
        self.assertEqual(bucket.asked, [])

    def test_it_tries_again_while_s3_refuses_or_is_out_of_reach(self):
        bucket = Bucket(unreachable(), client_error("AccessDenied", 403), client_error("SlowDown", 503), self.good)
        folder, log = self.load(bucket)
        self.assertIsNotNone(folder)
        self.assertEqual([line["event"] for line in log], ["agent-not-loaded"] * 3 + ["agent-loaded"])
        self.assertIn("AccessDenied", log[1]["error"])

    def test_it_runs_nothing_that_is_not_what_the_user_data_names(self):
        folder, log = self.load(Bucket(archive("import os"), self.good))
        self.assertIn("its sha256 is", log[0]["error"])
        with open(os.path.join(folder, "agent.py")) as file:
            self.assertIn("agent runs", file.read())

    def test_it_tries_again_when_boto3_is_not_there_yet(self):
        makers = [ImportError("No module named 'boto3'")]

        def make(region):
            if makers:
                raise makers.pop()
            return Bucket(self.good)

        (folder, _), log = self.run_loader(lambda: loader.load(self.settings, self.task, make))
        self.assertIsNotNone(folder)
        self.assertIn("No module named 'boto3'", log[0]["error"])

    def test_it_gives_up_in_bounded_time_with_the_reason_and_what_to_do(self):
        folder, log = self.load(Bucket(client_error("AccessDenied", 403)))
        self.assertIsNone(folder)
        self.assertLessEqual(self.clock.now - 1000, loader.PERSIST_SECONDS)
        self.assertEqual((log[-1]["level"], log[-1]["source"]), ("error", "s3://bucket/agent.zip, version v1"))
        self.assertIn("AccessDenied", log[-1]["error"])
        self.assertIn("s3:GetObjectVersion", log[-1]["hint"])
        self.assertIn("AccessDenied", self.why)

    def test_the_task_hears_that_it_lives_while_it_tries(self):
        self.load(Bucket(client_error("SlowDown", 503)))
        self.assertEqual(self.task.tell.call_args, mock.call("send_task_heartbeat"))
        self.assertTrue(5 <= self.task.tell.call_count <= 7)

    def test_the_execution_is_told_why_and_the_instance_powered_off(self):
        with mock.patch.dict(os.environ, self.settings), mock.patch.object(loader, "load", lambda settings, task: (None, "AccessDenied")), \
                mock.patch.object(loader.subprocess, "run") as run, mock.patch.object(loader, "Task") as task:
            loader.main()
        run.assert_called_once_with(["systemctl", "poweroff"])
        task.return_value.tell.assert_called_once_with(
            "send_task_failure", error="InstanceGaveUp", cause="its agent could not be had from s3://bucket/agent.zip in 120 s: AccessDenied")

    def test_the_task_is_told_if_it_is_this_instances_and_can_be_found(self):
        found = {"instance-id": "i-1", "tags/instance/spotproof:job": "job-1"}
        for instance, fault, told in (("i-1", None, True), ("i-2", None, False), ("i-1", unreachable(), False)):
            table, steps = FakeTable(**ledger_item(taskInstanceId=instance)), FakeSteps()
            table.fail["get_item"] = [fault] if fault else []
            task = loader.Task({**self.settings, "SPOTPROOF_TABLE": "table"}, {"dynamodb": table, "stepfunctions": steps}.get)
            with mock.patch.object(loader, "metadata", lambda path, endpoint: found[path]):
                _, log = self.run_loader(lambda: task.tell("send_task_failure", error="InstanceGaveUp", cause="why"))
            self.assertEqual(steps.answer, {"taskToken": "token-1", "error": "InstanceGaveUp", "cause": "why"} if told else None)
            self.assertEqual([line["event"] for line in log], ["task-not-told"] if fault else [])

    def test_it_asks_the_metadata_service_with_a_token(self):
        asked = []

        def urlopen(request, timeout):
            asked.append((request.method, request.full_url, {name.lower(): value for name, value in request.header_items()}))
            return contextlib.closing(io.BytesIO(b"token" if request.method == "PUT" else b"i-1"))

        with mock.patch.object(loader.urllib.request, "urlopen", urlopen):
            self.assertEqual(loader.metadata("instance-id", "http://m"), "i-1")
        self.assertEqual([(method, url) for method, url, _ in asked], [("PUT", "http://m/latest/api/token"), ("GET", "http://m/latest/meta-data/instance-id")])
        self.assertEqual((asked[0][2]["x-aws-ec2-metadata-token-ttl-seconds"], asked[1][2]["x-aws-ec2-metadata-token"]), ("60", "token"))

    def test_it_becomes_the_agent(self):
        out = io.StringIO()
        folder, _ = self.load(Bucket(self.good))
        kept, path = sys.modules.pop("agent", None), list(sys.path)
        try:
            with mock.patch.object(loader, "load", lambda settings, task: (folder, None)), contextlib.redirect_stdout(out):
                loader.main()
        finally:
            sys.path[:] = path
            sys.modules.pop("agent")
            if kept:
                sys.modules["agent"] = kept
        self.assertEqual(out.getvalue(), "agent runs\n")


if __name__ == "__main__":
    unittest.main()
