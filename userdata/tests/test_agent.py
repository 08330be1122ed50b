"""The agent as a whole, with real jobs as real processes, on fakes of AWS and short periods."""
import builtins
import contextlib
import errno
import io
import json
import os
import shutil
import signal
import sys
import tarfile
import tempfile
import threading
import time
import unittest
from unittest import mock

from botocore.exceptions import ConnectTimeoutError

from .fakes import (
    PATIENCE_SECONDS, FakeBucket, FakeCloudWatch, FakeLogs, FakeMetadata, FakeSteps, FakeTable, FakeTargetGroup, client_error,
    ledger_item, timed_out, unreachable, wait_for)

import agent as agent_module
import calls
import cloudlog
import handoff
import job
import monitor
import owner
import output
import prepare
import savetime
import supervise
from agent import Agent
from checkpoints import Checkpoints
from monitor import Event
from progress import Progress

# A job by the contract, in the fewest lines: what it does is in its plan, a list of steps. "until-logged" waits until the agent has logged
# so many of an event, "until-opened" until the test opens the gate.
JOB = '''
import json, os, signal, sys, time
plan = json.loads(sys.argv[1])
saves, status = os.environ["SPOTPROOF_SAVES_DIR"], os.environ["SPOTPROOF_STATUS_FILE"]
stop = []
signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
save, seconds = None, float(os.environ.get("TEST_SAVE_SECONDS", "0"))
def report(percent):
    text = {"percent": percent}
    if save: text["save"] = {"seconds": seconds, **save} if seconds else save
    with open(status + ".new", "w") as f: json.dump(text, f)
    os.replace(status + ".new", status)
def store(percent):
    global save
    name = "save-%s" % percent
    os.mkdir(os.path.join(saves, name))
    with open(os.path.join(saves, name, "state"), "w") as f: f.write("at %s" % percent)
    save = {"dir": name, "percent": percent}
    report(percent)
for step, value in plan:
    if step == "report": report(value)
    elif step == "save": store(value)
    elif step == "print": print(value, flush=True)
    elif step == "sleep": time.sleep(value)
    elif step == "raw":
        with open(status + ".new", "w") as f: f.write(value)
        os.replace(status + ".new", status)
    elif step == "until-logged":
        log = os.path.join(os.path.dirname(saves), "..", "agent.log")
        while open(log).read().count('"event": "%s"' % value[0]) < value[1]: time.sleep(0.005)
    elif step == "until-opened":
        while not os.path.exists(os.path.join(os.path.dirname(saves), "..", "opened")): time.sleep(0.005)
    elif step == "claim-save": save = value; report(value["percent"])
    elif step == "ignore-term": signal.signal(signal.SIGTERM, signal.SIG_IGN)
    elif step == "default-term": signal.signal(signal.SIGTERM, signal.SIG_DFL)
    elif step == "print-restored":
        d = os.environ.get("SPOTPROOF_RESTORE_DIR")
        print("restored " + (open(os.path.join(d, "state")).read() if d else "nothing"), flush=True)
    elif step == "until-term":
        while not stop: time.sleep(0.005)
    elif step == "exit": sys.exit(value)
'''


class Clock:
    """Stands in for the module `time`."""
    time, sleep = staticmethod(time.time), staticmethod(time.sleep)

    def __init__(self):
        self.ahead = 0

    def monotonic(self):
        return time.monotonic() + self.ahead


class AgentTest(unittest.TestCase):
    def setUp(self):
        self.state = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.state, ignore_errors=True)
        for module, name, value in ((supervise, "LEAST_TICK_SECONDS", 0.01), (supervise, "MOST_TICK_SECONDS", 0.01), (supervise, "PUBLISH_SECONDS", 0.05),
                                    (supervise, "RETRY_SECONDS", 0.02), (calls, "BRIEF_SECONDS", 0), (supervise, "MOST_REPORT_SECONDS", 0.02),
                                    (supervise, "LEAST_REPORT_SECONDS", 0.02), (supervise, "AGAIN_SECONDS", 0.01), (agent_module, "LOOK_SECONDS", 0.01),
                                    (owner, "LOOK_SECONDS", 0.01), (cloudlog, "GATHER_SECONDS", 0.01), (agent_module, "GONE_SECONDS", -1000),
                                    (prepare, "HERE", os.path.join(prepare.HERE, "..")), (monitor, "POLL_SECONDS", 0.01)):
            self.patch(module, name, value)
        self.powered_off = []
        self.patch(agent_module.subprocess, "run", lambda command: self.powered_off.append(command))
        self.table, self.bucket, self.steps, self.cloudwatch, self.logs = FakeTable(**ledger_item()), FakeBucket(), FakeSteps(), FakeCloudWatch(), FakeLogs()
        self.metadata, self.group = FakeMetadata(), FakeTargetGroup()
        with open(os.path.join(self.state, "job.py"), "w") as file:
            file.write(JOB)

    def clock(self):
        """The clock that the agent judges its job by, which the test can put forward: `ahead`, in seconds."""
        clock = Clock()
        for module in (supervise, job):
            self.patch(module, "time", clock)
        return clock

    def patch(self, thing, name, value):
        patcher = mock.patch.object(thing, name, value)
        patcher.start()
        self.addCleanup(patcher.stop)

    def make(self, *plan, command=None, heartbeat=3, save_seconds=0, **settings):
        os.environ["TEST_SAVE_SECONDS"] = str(save_seconds)  # what the job says that a save takes it
        command = command or "python3 -S %s '%s'" % (os.path.join(self.state, "job.py"), json.dumps(plan))
        self.agent = Agent({"SPOTPROOF_TABLE": "table", "SPOTPROOF_NAMESPACE": "spotproof", "SPOTPROOF_LOG_GROUP": "/spotproof/agent", "SPOTPROOF_JOB_COMMAND": command,
                            "SPOTPROOF_HEARTBEAT_SECONDS": str(heartbeat), "SPOTPROOF_ON_REBALANCE": "save", **settings}, os.path.join(self.state, "agent"), self.metadata,
                           lambda region: {"dynamodb": self.table, "s3": self.bucket, "sfn": self.steps, "cloudwatch": self.cloudwatch, "logs": self.logs,
                                           "elbv2": lambda: self.group})
        return self.agent

    def run_agent(self, *plan, **options):
        self.finish(self.start(*plan, **options))

    def start(self, *plan, **options):
        agent = self.make(*plan, **options)
        thread = threading.Thread(target=self.quietly, args=(agent,))
        thread.start()
        self.addCleanup(thread.join, PATIENCE_SECONDS)
        return thread

    def finish(self, thread):
        thread.join(PATIENCE_SECONDS)
        self.assertFalse(thread.is_alive(), "the agent does not end")
        self.assertEqual(self.powered_off, [["systemctl", "poweroff"]])

    def quietly(self, agent):
        with mock.patch.object(sys, "stdout", io.StringIO()):
            agent.run()

    def log(self, event=None):
        path = os.path.join(self.state, "agent", "agent.log")
        if not os.path.exists(path):
            return []
        with open(path) as file:
            lines = [json.loads(line) for line in file]
        return [line for line in lines if event in (None, line["event"])]

    def restart(self):
        """Everything as at the beginning."""
        self.table.item, self.powered_off[:] = ledger_item(), []
        shutil.rmtree(os.path.join(self.state, "agent"), ignore_errors=True)

    @staticmethod
    def lives(pid):
        try:
            os.kill(pid, 0)
            return True
        except ProcessLookupError:
            return False

    def answer(self):
        return json.loads(self.steps.answer["output"])

    def events(self):
        return [line["event"] for line in self.log()]

    def stored(self, percent, sequence=1, epoch=1, content=None):
        """Puts a checkpoint of the test's job into the bucket; its record is returned."""
        folder = os.path.join(self.state, "made-%d" % sequence)
        os.mkdir(folder)
        with open(os.path.join(folder, "state"), "w") as file:
            file.write(content or "at %s" % percent)
        record = Checkpoints(self.bucket, "bucket-1", "job-1", int).store(folder, epoch, sequence, lambda put: put())
        self.bucket.calls.clear()
        return {**record, "epoch": epoch, "sequence": sequence, "percent": percent, "committedAt": 1}

    def resume_from(self, *records, **changes):
        """The ledger as an earlier owner has left it, with these committed checkpoints, oldest first."""
        names = dict(zip(("last", "previous"), reversed(records)))
        self.table.item = ledger_item(ownerEpoch=1, ownerState="released", ownerInstanceId="i-0", ownerLaunch=1, launch=2, taskLaunch=2,
                                      sequence=len(records), **{**names, **changes})
        self.metadata.items["tags/instance/spotproof:launch"] = "2"

    def job_percent(self):
        """How far the agent knows its running job to be."""
        supervised = self.agent.inbox.job
        return self.agent.progress.percent if supervised and supervised.process.poll() is None else None

    def output_lines(self):
        return [line["line"] for line in self.log("job-output")]

    def until_working(self, thread):
        wait_for(lambda: self.table.item.get("ownerState") == "working" and os.path.exists(self.agent.inbox.job.status_path))
        return thread

    def leave(self, thread, kind="terminate"):
        """An interruption that lets the job save at once."""
        self.agent.inbox.tell(Event(kind, time.time() + 60))
        self.finish(thread)

    def refuse_writes(self, error):
        """A write to the ledger fails with what `error` makes of its values, if that is an error. Not by way of `fail`, which the
        heart's write, from a thread of its own, would take from the one that it was meant for, or call off."""
        def refuse(arguments):
            refused = error(arguments["ExpressionAttributeValues"])
            if refused:
                raise refused

        self.table.hooks["update_item"] = refuse

    def open_gate(self):
        """Lets a job go on that waits "until-opened"."""
        open(os.path.join(self.state, "agent", "opened"), "w").close()

    def turns(self, number=5):
        """Until the main thread has gone round so often."""
        for _ in range(number):
            seen = self.agent.inbox.alive_at
            wait_for(lambda: self.agent.inbox.alive_at > seen)

    def succeed(self, **changes):
        """A successor has the task, and says that it is ready."""
        self.table.item = {**self.table.item, "launch": 2, "taskInstanceId": "i-2", "taskLaunch": 2, "taskToken": "token-2", "readyLaunch": 2, **changes}

    def supersede(self):
        """Another instance takes the job over, as if this one were long believed dead."""
        self.table.item = {**self.table.item, "ownerEpoch": self.table.item["ownerEpoch"] + 1, "ownerInstanceId": "i-9"}
        self.frozen, self.answers = dict(self.table.item), len([name for name in self.steps.names() if name != "send_task_heartbeat"])

    def assert_nothing_changed(self):
        self.assertEqual(self.table.item, self.frozen)
        self.assertEqual(len([name for name in self.steps.names() if name != "send_task_heartbeat"]), self.answers, "it answers nothing any more")


class TheNormalWay(AgentTest):
    def test_a_job_that_finishes_is_committed_released_and_reported(self):
        self.run_agent(("save", 50), ("until-logged", ["committed", 1]), ("save", 100), ("exit", 0))
        item = self.table.item
        self.assertEqual((item["finished"], item["ownerState"], item["ownerReason"], item["sequence"]), (True, "released", "finished", 2))
        self.assertEqual((item["last"]["percent"], item["previous"]["percent"], item["progressPercent"]), (100, 50, 100))
        self.assertEqual(self.answer(), {"outcome": "finished", "percent": 100, "epoch": 1, "reason": "finished"})
        self.assertEqual(self.steps.answer["taskToken"], "token-1")
        self.assertIn(item["last"]["key"], self.bucket.objects)
        self.assertRegex(item["last"]["key"], r"^jobs/job-1/1-2-[0-9a-f-]{36}$")

    def test_the_final_log_is_in_the_bucket_before_the_task_is_answered(self):
        order = []
        self.bucket.hooks["put_object"] = lambda arguments: order.append(arguments["Key"].split("/")[0])
        self.steps.hooks["send_task_success"] = lambda _: order.append("answer")
        self.run_agent(("print", "hello"), ("save", 100), ("exit", 0))
        self.assertEqual(order, ["jobs", "logs", "answer"])
        lines = [json.loads(line) for line in self.bucket.objects["logs/job-1/1-i-1.log"].splitlines()]
        self.assertIn(("job-output", "hello", "job-1", 1, 1), [(l["event"], l.get("line"), l["job"], l["launch"], l["epoch"]) for l in lines])
        self.assertRegex(lines[0]["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")

    def test_the_local_copy_of_a_save_goes_once_the_next_is_committed(self):
        thread = self.start(("save", 50), ("until-logged", ["committed", 1]), ("save", 70), ("until-term", 0), ("exit", 75))
        saves = os.path.join(self.state, "agent", "run-1-0", "saves")
        wait_for(lambda: self.table.item["sequence"] == 2 and os.listdir(saves) == ["save-70"])
        self.leave(thread)

    def test_metrics_say_what_is_committed_and_what_is_not_and_never_go_back(self):
        def values(name):
            return [each["Value"] for each in self.cloudwatch.data if each["MetricName"] == name]

        thread = self.start(("report", 40), ("until-opened", 0), ("save", 50), ("until-logged", ["committed", 1]), ("report", 90), ("save", 100), ("exit", 0))
        wait_for(lambda: 40 in values("unsaved"))
        self.open_gate()
        self.finish(thread)
        values = {name: values(name) for name in ("checkpointed", "unsaved")}
        self.assertEqual((values["checkpointed"][0], values["checkpointed"][-1], values["unsaved"][-1]), (0, 100, 0))
        together = [sum(pair) for pair in zip(*values.values())]
        self.assertEqual(together, sorted(together))
        self.assertEqual(values["checkpointed"], sorted(values["checkpointed"]))
        self.assertIn(40, values["unsaved"])
        self.assertEqual({(d["StorageResolution"], d["Unit"], d["Dimensions"][0]["Value"]) for d in self.cloudwatch.data}, {(1, "Percent", "job-1")})

    def test_metrics_that_could_not_be_sent_are_sent_later(self):
        self.cloudwatch.fail["put_metric_data"] = [unreachable(), unreachable()]
        thread = self.start(("report", 10), ("until-opened", 0), ("save", 100), ("exit", 0))
        wait_for(lambda: self.cloudwatch.data)
        self.open_gate()
        self.finish(thread)
        self.assertEqual(self.cloudwatch.fail["put_metric_data"], [])
        self.assertIn(0, [d["Value"] for d in self.cloudwatch.data])

    def test_the_contracts_variables_reach_the_job(self):
        self.run_agent(command="%s -c 'import os; print(sorted(k + \"=\" + v for k, v in os.environ.items() if k.startswith(\"SPOTPROOF_\")))'" % sys.executable)
        line = self.output_lines()[0]
        for name in ("SPOTPROOF_CHECKPOINT_SECONDS=120", "SPOTPROOF_DURATION_SECONDS=360", "SPOTPROOF_SAVE_SECONDS=3", "SPOTPROOF_JOB_ID=job-1",
                     "SPOTPROOF_REPORT_SECONDS=0.02", "SPOTPROOF_SAVES_DIR=", "SPOTPROOF_STATUS_FILE="):
            self.assertIn(name, line)
        self.assertNotIn("RESTORE", line)

    def test_the_reporting_period_is_a_360th_of_the_job_within_bounds(self):
        for name, value in (("LEAST_REPORT_SECONDS", 1), ("MOST_REPORT_SECONDS", 60)):
            self.patch(supervise, name, value)
        for duration, period in ((360, "1"), (60, "1"), (540, "1.5"), (32400, "60")):
            with self.subTest(duration=duration):
                self.table.item, self.powered_off[:] = ledger_item(durationSeconds=duration), []
                shutil.rmtree(os.path.join(self.state, "agent"), ignore_errors=True)
                self.run_agent(command="sh -c 'echo $SPOTPROOF_REPORT_SECONDS'")
                self.assertEqual(self.output_lines(), [period])

    def test_an_artifact_is_fetched_unpacked_and_is_where_the_command_runs(self):
        folder = os.path.join(self.state, "mine")
        os.mkdir(folder)
        with open(os.path.join(folder, "run.sh"), "w") as file:
            file.write("#!/bin/sh\nbasename $PWD\n")
        os.chmod(os.path.join(folder, "run.sh"), 0o755)
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as tar:
            tar.add(folder, ".")
        self.bucket.objects["artifacts/mine.tar.gz"] = packed.getvalue()
        self.run_agent(command="./run.sh", SPOTPROOF_JOB_ARTIFACT="s3://tools/artifacts/mine.tar.gz")
        self.assertEqual(self.output_lines(), ["artifact"])
        self.assertEqual([self.bucket.calls[0][1][name] for name in ("Bucket", "Key")], ["tools", "artifacts/mine.tar.gz"])


class TakingOver(AgentTest):
    def test_it_waits_until_the_task_is_its_own(self):
        self.table.item = ledger_item(taskInstanceId="i-0")
        thread = self.start(("save", 100), ("exit", 0))
        wait_for(lambda: self.table.names().count("get_item") > 3)
        self.assertEqual(self.table.item["ownerEpoch"], 0)
        self.table.item = ledger_item()
        self.finish(thread)
        self.assertEqual(self.answer()["outcome"], "finished")

    def test_it_gives_up_in_bounded_time_when_no_task_comes(self):
        self.patch(agent_module, "CLAIM_SECONDS", 0.05)
        self.table.item = {}
        self.run_agent()
        self.assertIn("no job to take over", self.log("gave-up")[0]["error"])
        self.assertIsNone(self.steps.answer)

    def test_it_waits_while_another_owner_works_and_takes_over_after_its_release_death_or_deadline(self):
        for change in ({"ownerState": "released"}, {"ownerState": "dead"}, {"ownerDeadline": int(time.time()) - 1}):
            with self.subTest(change):
                self.table, self.powered_off[:] = FakeTable(**ledger_item(ownerEpoch=4, ownerState="working", ownerInstanceId="i-0", ownerDeadline=int(time.time()) + 99)), []
                shutil.rmtree(os.path.join(self.state, "agent"), ignore_errors=True)
                thread = self.start(("save", 100), ("exit", 0))
                wait_for(lambda: self.table.names().count("get_item") > 3)
                self.assertEqual(self.table.item["ownerEpoch"], 4)
                self.table.item = {**self.table.item, **change}
                self.finish(thread)
                self.assertEqual((self.table.item["ownerEpoch"], self.table.item["last"]["epoch"]), (5, 5))

    def test_the_former_owners_deadline_does_not_outlive_the_takeover(self):
        self.resume_from(self.stored(50), ownerDeadline=5, ownerReason="notice")
        thread = self.until_working(self.start(("report", 1), ("until-term", 0), ("exit", 75)))
        self.assertFalse({"ownerDeadline", "ownerReason"} & set(self.table.item))
        self.leave(thread)

    def test_a_restarted_agent_takes_the_job_over_from_its_own_earlier_life(self):
        self.table.item = ledger_item(ownerEpoch=1, ownerState="working", ownerInstanceId="i-1", ownerLaunch=1)
        self.run_agent(("save", 100), ("exit", 0))
        self.assertEqual((self.table.item["ownerEpoch"], self.answer()["outcome"]), (2, "finished"))

    def test_an_agent_restarted_after_its_end_only_powers_off(self):
        self.run_agent(("save", 100), ("exit", 0))
        before, self.steps.answer, self.powered_off[:] = dict(self.table.item), None, []
        self.run_agent(("save", 100), ("exit", 0))
        self.assertEqual((self.table.item, self.steps.answer), (before, None))

    def test_a_finished_job_is_reported_without_running_it_again(self):
        self.table.item = ledger_item(ownerEpoch=3, ownerState="dead", finished=True)
        self.run_agent(("exit", 9))
        self.assertEqual((self.answer()["outcome"], self.table.item["ownerEpoch"]), ("finished", 3))

    def test_the_heartbeat_begins_while_it_still_waits_to_take_over(self):
        self.table.item = ledger_item(ownerState="working", ownerInstanceId="i-0")
        thread = self.start(("save", 100), ("exit", 0), heartbeat=0.03)
        wait_for(lambda: len(self.steps.calls) > 2)
        self.assertEqual(self.table.item["ownerEpoch"], 0)
        self.table.item = {**self.table.item, "ownerState": "released"}
        self.finish(thread)

    def test_a_silent_metadata_service_ends_it(self):
        self.patch(agent_module, "IDENTIFY_SECONDS", 0.05)
        del self.metadata.items["tags/instance/spotproof:job"]
        self.run_agent()
        self.assertIn("nothing at tags/instance/spotproof:job", self.log("gave-up")[0]["error"])


class Restoring(AgentTest):
    def test_the_last_checkpoint_is_restored_read_only(self):
        self.resume_from(self.stored(30, 1), self.stored(60, 2))
        self.run_agent(("print-restored", 0), ("save", 100), ("exit", 0))
        self.assertEqual(self.output_lines(), ["restored at 60"])
        self.assertEqual((self.table.item["sequence"], self.table.item["last"]["epoch"], self.table.item["previous"]["percent"]), (3, 2, 60))
        restored = os.path.join(self.state, "agent", "run-2-0-last", "state")
        self.assertEqual(os.stat(restored).st_mode & 0o777, 0o444)

    def test_a_damaged_missing_or_cut_checkpoint_is_refused_and_the_one_before_is_used(self):
        def alter(data): return data[:-1] + b"!"
        for name, damage in (("altered", alter), ("cut", lambda data: data[:-1]), ("missing", None)):
            with self.subTest(name):
                shutil.rmtree(self.state), os.mkdir(self.state)
                self.powered_off[:] = []
                with open(os.path.join(self.state, "job.py"), "w") as file:
                    file.write(JOB)
                self.resume_from(self.stored(30, 1), self.stored(60, 2))
                self.table.history.clear()
                key = self.table.item["last"]["key"]
                data = self.bucket.objects.pop(key)
                if damage:
                    self.bucket.objects[key] = damage(data)
                good = self.table.item["previous"]
                self.run_agent(("print-restored", 0), ("save", 100), ("exit", 0))
                self.assertEqual(self.output_lines(), ["restored at 30"])
                self.assertEqual([line["key"] for line in self.log("checkpoint-refused")], [key])
                self.assertEqual((self.table.item["last"]["percent"], self.table.item["previous"]), (100, good), "the good one stays the previous")

    def test_without_a_good_checkpoint_it_starts_afresh_and_says_so_loudly(self):
        self.resume_from(self.stored(30, 1), self.stored(60, 2))
        self.bucket.objects.clear()
        self.run_agent(("print-restored", 0), ("save", 100), ("exit", 0))
        self.assertEqual(self.output_lines(), ["restored nothing"])
        self.assertEqual([(line["level"], line["lost"]) for line in self.log("fresh-start")], [("error", True)])
        self.assertEqual((self.table.item["sequence"], self.table.item["last"]["percent"]), (3, 100))

    def test_a_bucket_that_cannot_be_reached_is_not_taken_for_a_missing_checkpoint(self):
        self.resume_from(self.stored(60, 1))
        self.bucket.fail["get_object"] = [unreachable(), client_error("SlowDown", 503)]
        self.patch(calls.time, "sleep", lambda seconds: None)
        self.run_agent(("print-restored", 0), ("save", 100), ("exit", 0))
        self.assertEqual(self.output_lines(), ["restored at 60"])

    def test_storage_that_stays_away_ends_the_attempt_in_bounded_time_and_the_job_can_go_on_elsewhere(self):
        self.resume_from(self.stored(60, 1))
        self.patch(calls, "PERSIST_SECONDS", 0)
        self.bucket.fail["get_object"] = [unreachable()] * 9
        self.run_agent(("exit", 0))
        self.assertEqual(self.steps.answer["error"], "InstanceGaveUp")
        self.assertIn("Could not connect to the endpoint URL", self.steps.answer["cause"])
        self.assertEqual((self.table.item["ownerState"], self.table.item["ownerReason"]), ("released", "error"))


class Interruptions(AgentTest):
    PLAN = (("save", 40), ("until-term", 0), ("save", 57), ("exit", 75))

    def assert_saved(self, reason, percent=57):
        item = self.table.item
        self.assertEqual((item["last"]["percent"], item["ownerState"], item["ownerReason"]), (percent, "released", reason))
        self.assertNotIn("finished", item)

    def announced(self):
        """What has been written about the owner's state, beside progress and commits."""
        return [write for _, write in self.table.history if "ownerState" in write]

    def working(self, *plan, **options):
        thread = self.until_working(self.start(*plan, **options))
        if ("save", 40) in plan:
            wait_for(lambda: self.table.item["sequence"] == 1)
        return thread

    def notice(self, seconds=120):
        at = int(time.time()) + seconds
        self.metadata.items["spot/instance-action"] = json.dumps({"action": "terminate", "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))})
        wait_for(lambda: self.steps.answer)
        return at

    def test_on_a_notice_the_task_is_answered_at_once_and_the_owner_works_on_under_a_lease(self):
        thread = self.working(*self.PLAN)
        at = self.notice()
        self.assertEqual(self.answer(), {"outcome": "notice", "percent": 40, "epoch": 1, "reason": "notice", "deadline": at})
        self.assertEqual((self.table.item["ownerState"], self.table.item["ownerDeadline"]), ("handing-over", at))
        reads = self.table.names().count("get_item")
        wait_for(lambda: self.table.names().count("get_item") > reads + 5)
        self.assertIsNone(self.agent.inbox.job.asked_at)
        self.succeed()
        self.finish(thread)
        self.assert_saved("notice")
        self.assertEqual([write["ownerState"] for write in self.announced()], ["restoring", "working", "handing-over", "saving", "released"])
        self.assertEqual(self.steps.names().count("send_task_success"), 1, "the successor's task is not its to answer")
        self.assertIn("logs/job-1/1-i-1.log", self.bucket.objects)
        for event in ("notice", "handing-over", "answered", "saving", "released"):
            self.assertEqual([(line["job"], line["launch"], line["epoch"]) for line in self.log(event)], [("job-1", 1, 1)], event)

    def test_a_task_without_a_ready_successor_changes_nothing(self):
        thread = self.working(*self.PLAN)
        self.notice()
        self.succeed(readyLaunch=1)
        reads = self.table.names().count("get_item")
        wait_for(lambda: self.table.names().count("get_item") > reads + 5)
        self.assertIsNone(self.agent.inbox.job.asked_at)
        self.succeed()
        self.finish(thread)

    def test_without_a_successor_it_saves_at_its_last_safe_moment(self):
        self.patch(handoff, "MARGIN_SECONDS", 1)
        self.patch(supervise, "RESERVE_SECONDS", 0.2)
        thread = self.working(("save", 40), ("until-term", 0), ("save", 57), ("exit", 75), save_seconds=0.5)
        began = time.time()
        self.agent.inbox.tell(Event("notice", began + 2.2))
        self.finish(thread)
        self.assertTrue(0.6 < time.time() - began < 2.2, time.time() - began)
        self.assert_saved("notice")

    def test_a_save_that_no_one_has_measured_begins_a_minute_before_the_margin(self):
        thread = self.working(("report", 1), ("until-term", 0), ("save", 57), ("exit", 75))
        began = time.time()
        self.agent.inbox.tell(Event("notice", began + handoff.UNMEASURED_SECONDS + handoff.MARGIN_SECONDS + 0.4))
        self.finish(thread)
        self.assertTrue(0.4 < time.time() - began < 2)
        self.assert_saved("notice")

    def test_how_long_a_save_takes_is_measured_and_kept_for_the_next_attempt(self):
        thread = self.working(*self.PLAN, save_seconds=7.5)
        self.leave(thread)
        self.assertTrue(7.5 <= self.table.item["last"]["saveSeconds"] < 8.5)
        self.table.item.update(ownerState="dead")
        self.powered_off[:] = []
        shutil.rmtree(os.path.join(self.state, "agent"))
        thread = self.working(("report", 60), ("until-term", 0), ("exit", 75))
        self.assertTrue(7.5 <= self.agent.owner.saves.seconds() < 8.5)
        self.leave(thread)

    def test_a_nearer_deadline_counts(self):
        self.patch(handoff, "MARGIN_SECONDS", 1)
        self.patch(supervise, "RESERVE_SECONDS", 0)
        thread = self.working(*self.PLAN)
        self.agent.inbox.tell(Event("notice", time.time() + 7200))
        at = self.notice(600)
        wait_for(lambda: self.table.item["ownerDeadline"] == at)
        self.agent.inbox.tell(Event("notice", time.time() + 1.5))
        self.finish(thread)
        self.assert_saved("notice")

    def test_termination_time_alone_is_a_notice_too(self):
        thread = self.working(*self.PLAN)
        self.metadata.items["spot/termination-time"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 120))
        wait_for(lambda: self.steps.answer)
        self.succeed()
        self.finish(thread)
        self.assert_saved("notice")

    def test_the_ledger_tells_of_a_notice_before_the_metadata_does(self):
        thread = self.working(*self.PLAN)
        told = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        others = [{"instanceId": "i-7", "kind": "interrupt", "time": told}]
        self.table.item["notices"] = others
        published = len(self.table.history)
        wait_for(lambda: len(self.table.history) > published + 2)
        self.assertIsNone(self.steps.answer, "another instance's")
        self.table.item["notices"] = others + [{"instanceId": "i-1", "kind": "interrupt", "time": told}]
        wait_for(lambda: self.steps.answer)
        self.assertEqual(self.answer()["outcome"], "notice")
        self.notice()
        self.succeed()
        self.finish(thread)
        self.assertEqual(len(self.log("notice")), 1)

    def test_an_owner_whose_task_was_answered_by_another_works_on(self):
        """The watcher was faster: the token is dead."""
        self.steps.fail = {"send_task_success": [client_error("TaskTimedOut")]}
        thread = self.working(*self.PLAN)
        self.agent.inbox.tell(Event("notice", time.time() + 120))
        wait_for(lambda: self.log("task-not-told"))
        self.assertIsNone(self.agent.inbox.job.asked_at)
        self.assertEqual(self.log("answered"), [])
        self.succeed()
        self.finish(thread)
        self.assert_saved("notice")

    def test_an_answer_and_an_announcement_that_fail_are_repeated(self):
        thread = self.working(*self.PLAN)
        self.steps.fail = {"send_task_success": [unreachable()] * 3}
        failing = [unreachable()] * 3
        self.refuse_writes(lambda values: failing.pop() if failing and values.get(":ownerState") == {"S": "handing-over"} else None)
        self.agent.inbox.tell(Event("notice", time.time() + 120))
        wait_for(lambda: self.steps.answer and self.table.item["ownerState"] == "handing-over")
        self.succeed()
        self.finish(thread)
        self.assert_saved("notice")

    def test_a_network_that_is_gone_does_not_keep_it_from_saving_in_time(self):
        """The last safe moment comes while a request waits for its answer."""
        self.patch(handoff, "MARGIN_SECONDS", 60)
        thread = self.working(*self.PLAN, save_seconds=0.1)
        back = threading.Event()
        self.steps.hooks["send_task_success"] = lambda _: back.wait(2 * PATIENCE_SECONDS)
        self.agent.inbox.tell(Event("notice", time.time() + 60.6))
        wait_for(lambda: "send_task_success" in self.steps.names() and self.agent.inbox.job.asked_at)
        self.assertIsNone(self.steps.answer)
        back.set()
        self.finish(thread)
        self.assert_saved("notice")

    def test_a_job_that_finishes_during_the_handoff_answers_the_successors_task(self):
        thread = self.working(("report", 1), ("until-opened", 0), ("save", 100), ("exit", 0))
        self.notice()
        self.succeed(readyLaunch=1)
        self.open_gate()
        self.finish(thread)
        self.assertEqual((self.answer()["outcome"], self.steps.answer["taskToken"], self.table.item["finished"]), ("finished", "token-2", True))

    def test_a_job_that_fails_during_the_handoff_fails_the_successors_task(self):
        thread = self.working(("report", 1), ("until-opened", 0), ("exit", 3))
        self.notice()
        self.succeed(readyLaunch=1)
        self.open_gate()
        self.finish(thread)
        self.assertEqual((self.steps.answer["error"], self.steps.answer["taskToken"]), ("JobFailed", "token-2"))

    def test_a_job_that_ends_itself_during_the_handoff_is_run_again(self):
        self.table.item = ledger_item(checkpointSeconds=1)
        thread = self.working(*self.PLAN)
        self.notice()
        self.agent.inbox.job.process.kill()
        wait_for(lambda: len(self.log("job-started")) == 2 and os.path.exists(self.agent.inbox.job.status_path))
        self.assertEqual(self.table.item["ownerState"], "handing-over")
        self.succeed()
        self.finish(thread)
        self.assert_saved("notice")

    def test_sigterm_saves_at_once_and_is_answered_at_once(self):
        thread = self.working(("save", 40), ("until-term", 0), ("until-opened", 0), ("save", 57), ("exit", 75))
        at = time.time() + 60
        self.agent.inbox.tell(Event("terminate", at))
        wait_for(lambda: self.steps.answer)  # the save goes on until the gate is opened
        self.assertEqual(self.answer(), {"outcome": "notice", "percent": 40, "epoch": 1, "reason": "terminate", "deadline": int(at)})
        self.assertEqual((self.table.item["ownerState"], self.table.item["ownerDeadline"]), ("saving", int(at)))
        self.open_gate()
        self.finish(thread)
        self.assert_saved("terminate")

    def test_the_operating_systems_signal_reaches_the_agent(self):
        agent = self.make(*self.PLAN)
        self.patch(agent_module, "Agent", lambda *_: agent)
        self.patch(agent_module.os, "environ", {**os.environ, "STATE_DIRECTORY": self.state})
        before = signal.getsignal(signal.SIGTERM)
        self.addCleanup(signal.signal, signal.SIGTERM, before)

        def terminate():
            self.until_working(None)
            os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=terminate).start()
        with mock.patch.object(sys, "stdout", io.StringIO()):
            agent_module.main()
        self.assert_saved("terminate")

    def test_notice_and_sigterm_in_any_order_and_twice_save_once(self):
        for order in (("notice", "terminate"), ("terminate", "notice"), ("notice", "notice", "terminate"), ("terminate", "terminate", "notice")):
            with self.subTest(order):
                self.table, self.steps, self.powered_off[:] = FakeTable(**ledger_item()), FakeSteps(), []
                shutil.rmtree(os.path.join(self.state, "agent"), ignore_errors=True)
                thread = self.working(("save", 40), ("until-term", 0), ("until-opened", 0), ("save", 57), ("exit", 75))
                for kind in order:
                    self.agent.inbox.tell(Event(kind, time.time() + (120 if kind == "notice" else 60)))
                    wait_for(lambda: self.table.item["ownerState"] == ("handing-over" if set(order[:order.index(kind) + 1]) == {"notice"} else "saving"))
                self.open_gate()
                self.finish(thread)
                self.assert_saved("terminate")
                states = [write["ownerState"] for write in self.announced()]
                self.assertEqual(states, ["restoring", "working", *["handing-over"] * (order[0] == "notice"), "saving", "released"])
                self.assertEqual(self.steps.names().count("send_task_success"), 1)

    def test_after_a_notice_the_end_is_left_to_aws(self):
        self.patch(agent_module, "GONE_SECONDS", 60)
        thread = self.working(*self.PLAN)
        self.notice()
        self.succeed()
        wait_for(lambda: self.log("awaiting-shutdown"))
        self.assertEqual((self.table.item["ownerState"], self.powered_off), ("released", []))
        self.assertIn("logs/job-1/1-i-1.log", self.bucket.objects)
        self.agent.inbox.tell(Event("terminate", time.time() + 60))
        self.finish(thread)

    def test_when_aws_does_not_shut_it_down_it_does_so_itself(self):
        self.patch(agent_module, "GONE_SECONDS", 0.2)
        thread = self.working(*self.PLAN)
        deadline = time.time() + 0.6
        self.agent.inbox.tell(Event("notice", deadline))
        self.finish(thread)
        self.assertGreaterEqual(time.time(), deadline + 0.2)

    def test_a_job_that_ignores_sigterm_is_killed_in_time_and_keeps_its_last_save(self):
        thread = self.working(("ignore-term", 0), ("save", 40), ("sleep", 60))
        self.patch(supervise, "RESERVE_SECONDS", 60)
        deadline = time.time() + 60.3
        self.agent.inbox.tell(Event("notice", deadline))
        self.finish(thread)
        self.assertTrue(deadline - 60 <= time.time() < deadline)
        self.assert_saved("notice", 40)
        self.assertEqual(len(self.log("job-killed")), 1)

    def test_a_job_without_a_handler_loses_only_what_it_had_not_saved(self):
        thread = self.working(("default-term", 0), ("save", 40), ("sleep", 60))
        self.notice()
        self.succeed()
        self.finish(thread)
        self.assert_saved("notice", 40)

    def test_a_notice_during_the_restore_does_not_keep_the_job_from_working_until_its_successor_is_ready(self):
        self.resume_from(self.stored(60, 1))
        self.bucket.hooks["get_object"] = lambda _: self.agent.inbox.tell(Event("notice", time.time() + 120))
        thread = self.start(("print-restored", 0), ("until-term", 0), ("save", 70), ("exit", 75))
        wait_for(lambda: self.log("job-output"))
        self.assertEqual((self.table.item["ownerState"], self.answer()["outcome"]), ("handing-over", "notice"))
        self.succeed(taskLaunch=3, readyLaunch=3)
        self.finish(thread)
        self.assert_saved("notice", 70)

    def test_sigterm_during_the_restore_ends_it_before_the_job_starts(self):
        self.resume_from(self.stored(60, 1))

        def interrupt(_):
            self.agent.inbox.tell(Event("terminate", time.time() + 60))
            wait_for(lambda: self.steps.answer)

        self.bucket.hooks["get_object"] = interrupt
        self.run_agent(("exit", 9))
        self.assert_ended_in_the_restore("notice")

    def assert_ended_in_the_restore(self, outcome):
        self.assertEqual(self.log("job-started"), [])
        answer = self.answer()
        self.assertEqual((answer["outcome"], answer["percent"], answer["epoch"], self.steps.names().count("send_task_success")), (outcome, 60, 2, 1))
        self.assertEqual((self.table.item["ownerState"], self.table.item["ownerReason"], self.log("task-not-told")), ("released", "terminate", []))

    def test_an_answer_that_was_decided_on_before_the_release_and_comes_after_it_is_not_given(self):
        self.resume_from(self.stored(60, 1))
        decided, released, over, wait = threading.Event(), threading.Event(), threading.Event(), owner.wait

        def announce(*_):
            decided.set()
            released.wait(PATIENCE_SECONDS)

        def waiting(*arguments):
            if released.is_set():
                over.set()
            wait(*arguments)

        def interrupt(_):
            self.agent.inbox.tell(Event("terminate", time.time() + 60))
            decided.wait(PATIENCE_SECONDS)

        def upload(arguments):
            if arguments["Key"].startswith("logs/"):
                released.set()
                over.wait(PATIENCE_SECONDS)

        self.patch(owner.Owner, "announce", announce)
        self.patch(owner, "wait", waiting)
        self.bucket.hooks.update(get_object=interrupt, put_object=upload)
        self.run_agent(("exit", 9))
        self.assert_ended_in_the_restore("saved")

    def test_an_answer_that_is_on_its_way_is_not_given_a_second_time(self):
        self.resume_from(self.stored(60, 1))
        on_its_way, logged, again = threading.Event(), threading.Event(), threading.Event()

        def answer(_):
            if on_its_way.is_set():
                again.set()
            on_its_way.set()
            logged.wait(PATIENCE_SECONDS)
            again.wait(0.2)  # a second answer would come at once

        def interrupt(_):
            self.agent.inbox.tell(Event("terminate", time.time() + 60))
            on_its_way.wait(PATIENCE_SECONDS)

        self.steps.hooks["send_task_success"] = answer
        self.bucket.hooks.update(get_object=interrupt, put_object=lambda arguments: arguments["Key"].startswith("logs/") and logged.set())
        self.run_agent(("exit", 9))
        self.assert_ended_in_the_restore("notice")

    def test_a_notice_during_a_long_upload_is_answered_and_the_last_save_asked_for_at_once(self):
        asked = []

        def upload(arguments):
            if arguments["Key"].startswith("jobs/") and not asked:
                self.agent.inbox.tell(Event("notice", time.time() + 120))
                wait_for(lambda: self.steps.answer)
                self.succeed()
                wait_for(lambda: self.agent.inbox.job.asked_at)
                wait_for(lambda: os.path.exists(os.path.join(self.agent.inbox.job.saves, "save-57")))
                asked.append(True)

        self.bucket.hooks["put_object"] = upload
        self.run_agent(*self.PLAN)
        self.assertTrue(asked)
        self.assert_saved("notice")


class Succeeding(AgentTest):
    """The other side of the handoff."""

    def setUp(self):
        super().setUp()
        self.table.item = ledger_item(ownerEpoch=4, ownerState="handing-over", ownerInstanceId="i-0", ownerDeadline=int(time.time()) + 99)

    def test_it_says_once_that_it_is_ready_and_takes_over_at_the_release(self):
        thread = self.start(("save", 100), ("exit", 0))
        wait_for(lambda: self.table.item.get("readyLaunch") == 1)
        reads = self.table.names().count("get_item")
        wait_for(lambda: self.table.names().count("get_item") > reads + 5)
        self.assertEqual((self.table.item["ownerEpoch"], len(self.table.history)), (4, 1))
        self.table.item = {**self.table.item, "ownerState": "released"}
        self.finish(thread)
        self.assertEqual((self.table.item["ownerEpoch"], self.table.item["finished"]), (5, True))
        self.assertNotIn("readyLaunch", self.table.item)
        self.assertEqual([(line["job"], line["launch"]) for line in self.log("ready")], [("job-1", 1)])

    def test_sigterm_before_the_release_is_answered_and_it_leaves_the_job_alone(self):
        thread = self.start(("exit", 9))
        wait_for(lambda: self.table.item.get("readyLaunch") == 1)
        at = time.time() + 60
        self.agent.inbox.tell(Event("terminate", at))
        self.finish(thread)
        self.assertEqual((self.table.item["ownerEpoch"], self.table.item["ownerState"]), (4, "handing-over"))
        self.assertEqual(self.answer(), {"outcome": "notice", "percent": 0, "epoch": 0, "reason": "terminate", "deadline": int(at)})

    def noticed(self, *plan):
        """It has answered its own notice before the release: a third launch has the task, and is not up."""
        thread = self.start(*plan)
        wait_for(lambda: self.table.item.get("readyLaunch") == 1)
        self.at = int(time.time() + 100)
        self.agent.inbox.tell(Event("notice", self.at))
        wait_for(lambda: self.steps.answer)
        self.assertEqual(self.answer(), {"outcome": "notice", "percent": 0, "epoch": 0, "reason": "notice", "deadline": self.at})
        self.table.item = {**self.table.item, "launch": 3, "taskInstanceId": "i-3", "taskLaunch": 3, "taskToken": "token-3"}
        return thread

    def test_with_a_notice_it_stands_in_from_the_release_until_the_next_launch_is_ready(self):
        thread = self.noticed(("report", 30), ("until-term", 0), ("save", 40), ("exit", 75))
        reads = self.table.names().count("get_item")
        wait_for(lambda: self.table.names().count("get_item") > reads + 3)
        self.assertEqual(self.table.item["ownerEpoch"], 4, "the owner still works")
        self.table.item = {**self.table.item, "ownerState": "released"}
        wait_for(lambda: self.job_percent() == 30)
        standing = {name: self.table.item[name] for name in ("ownerEpoch", "ownerInstanceId", "ownerState", "ownerDeadline", "taskInstanceId")}
        self.assertEqual(standing, {"ownerEpoch": 5, "ownerInstanceId": "i-1", "ownerState": "handing-over", "ownerDeadline": self.at, "taskInstanceId": "i-3"})
        self.table.item = {**self.table.item, "readyLaunch": 3}
        self.finish(thread)
        self.assertEqual((self.table.item["ownerState"], self.table.item["last"]["percent"]), ("released", 40))
        self.assertEqual(self.steps.names().count("send_task_success"), 1)

    def test_with_a_notice_it_leaves_at_its_last_safe_moment_what_another_still_owns(self):
        thread = self.noticed(("exit", 9))
        self.agent.inbox.tell(Event("notice", time.time() + 5))
        self.finish(thread)
        self.assertEqual((self.table.item["ownerEpoch"], self.table.item["ownerState"]), (4, "handing-over"))

    def test_the_owner_that_finishes_meanwhile_is_believed(self):
        thread = self.start(("exit", 9))
        wait_for(lambda: self.table.item.get("readyLaunch") == 1)
        self.table.item = {**self.table.item, "ownerState": "released", "finished": True}
        self.finish(thread)
        self.assertEqual((self.answer()["outcome"], self.table.item["ownerEpoch"]), ("finished", 4))

    def test_an_agent_restarted_once_the_successor_is_ready_releases_for_its_earlier_life_and_leaves_the_end_to_aws(self):
        self.patch(agent_module, "GONE_SECONDS", 60)
        self.table.item = ledger_item(ownerEpoch=4, ownerState="handing-over", ownerInstanceId="i-1", ownerDeadline=int(time.time()) + 99,
                                      taskInstanceId="i-2", taskLaunch=2, readyLaunch=2)
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 99))
        self.metadata.items["spot/instance-action"] = json.dumps({"action": "terminate", "time": at})
        thread = self.start(("exit", 9))
        wait_for(lambda: self.log("awaiting-shutdown"))
        self.assertEqual((self.table.item["ownerState"], self.table.item["ownerEpoch"], self.powered_off), ("released", 4, []))
        self.agent.inbox.tell(Event("terminate", time.time() + 60))
        self.finish(thread)
        self.assertIsNone(self.steps.answer)

    def test_an_agent_restarted_during_the_handoff_works_on_under_an_epoch_of_its_own_until_the_successor_is_ready(self):
        for kind in ("migrate", "notice"):
            with self.subTest(kind):
                self.restart()
                self.table.item = ledger_item(ownerEpoch=4, ownerState="handing-over", ownerInstanceId="i-1", ownerDeadline=int(time.time()) + 99,
                                              taskInstanceId="i-2", taskLaunch=2, taskToken="token-2")
                at = time.time() + 99
                if kind == "notice":
                    self.metadata.items["spot/instance-action"] = json.dumps({"action": "terminate", "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))})
                thread = self.start(("report", 30), ("until-term", 0), ("save", 40), ("exit", 75))
                wait_for(lambda: self.job_percent() == 30)
                self.assertEqual((self.table.item["ownerState"], self.table.item["ownerEpoch"]), ("handing-over", 5))
                self.assertGreater(self.table.item["ownerDeadline"], time.time())
                self.table.item = {**self.table.item, "readyLaunch": 2}
                self.finish(thread)
                self.assertEqual((self.table.item["ownerState"], self.table.item["last"]["percent"], self.table.item["last"]["epoch"]), ("released", 40, 5))
                self.assertIsNone(self.steps.answer, "the task is its successor's")

    def test_what_ends_the_job_then_answers_the_successors_task(self):
        self.table.item = ledger_item(ownerEpoch=4, ownerState="handing-over", ownerInstanceId="i-1", ownerDeadline=int(time.time()) + 99,
                                      taskInstanceId="i-2", taskLaunch=2, taskToken="token-2")
        self.run_agent(("save", 100), ("exit", 0))
        self.assertEqual((self.answer()["outcome"], self.steps.answer["taskToken"]), ("finished", "token-2"))


class Rebalancing(AgentTest):
    PLAN = (("report", 1), ("until-term", 0), ("save", 40), ("exit", 75))

    def recommend(self):
        self.metadata.items["events/recommendations/rebalance"] = json.dumps({"noticeTime": "2030-01-01T00:00:00Z"})

    def test_an_owner_that_has_its_task_back_beats_and_answers_only_the_end(self):
        thread = self.until_working(self.start(("report", 1), ("until-opened", 0), ("save", 100), ("exit", 0), SPOTPROOF_ON_REBALANCE="migrate", heartbeat=0.06))
        self.recommend()
        wait_for(lambda: self.steps.answer)
        self.assertEqual(self.answer()["outcome"], "migrate")
        self.steps.answer = None
        beats = []
        self.steps.hooks["send_task_heartbeat"] = lambda arguments: beats.append(arguments["taskToken"])
        self.table.item = {**self.table.item, "taskToken": "token-back"}
        wait_for(lambda: beats.count("token-back") >= 2)
        self.assertIsNone(self.steps.answer)
        self.open_gate()
        self.finish(thread)
        self.assertEqual((self.answer()["outcome"], self.steps.answer["taskToken"]), ("finished", "token-back"))

    def test_the_default_is_one_extra_save_on_the_same_instance(self):
        thread = self.until_working(self.start(*self.PLAN))
        self.recommend()
        wait_for(lambda: len(self.log("job-started")) == 2)
        self.assertEqual((self.table.item["last"]["percent"], self.table.item["ownerState"], self.table.item["rebalancedLaunch"]), (40, "working", 1))
        self.assertIsNone(self.steps.answer)
        self.turns()
        self.assertIsNone(self.agent.inbox.job.asked_at, "never twice")
        self.leave(thread)
        self.assertEqual([line["at"] for line in self.log("rebalance")], ["2030-01-01T00:00:00.000Z"])
        self.assertEqual(len(self.log("rebalancing")), 1)

    def test_the_extra_save_waits_until_the_ledger_knows_of_it(self):
        thread = self.until_working(self.start(*self.PLAN))
        failing = [unreachable()] * 3
        self.refuse_writes(lambda values: failing.pop() if failing and ":rebalancedLaunch" in values else None)
        self.recommend()
        wait_for(lambda: len(self.log("job-started")) == 2)
        self.assertEqual(failing, [])
        self.leave(thread)

    def test_a_restarted_agent_does_not_save_again(self):
        self.table.item = ledger_item(ownerEpoch=1, ownerState="restoring", ownerInstanceId="i-1", ownerLaunch=1, rebalancedLaunch=1)
        self.recommend()
        thread = self.until_working(self.start(*self.PLAN))
        wait_for(lambda: self.log("rebalance"))
        self.turns()
        self.assertIsNone(self.agent.inbox.job.asked_at)
        self.leave(thread)

    def test_to_migrate_is_to_hand_over_without_a_deadline(self):
        thread = self.until_working(self.start(*self.PLAN, SPOTPROOF_ON_REBALANCE="migrate", heartbeat=90))
        self.recommend()
        wait_for(lambda: self.steps.answer)
        answer = self.answer()
        self.assertEqual((answer["outcome"], answer["reason"], self.table.item["ownerState"]), ("migrate", "migrate", "handing-over"))
        self.assertTrue(85 <= answer["deadline"] - time.time() <= 90 and 85 <= self.table.item["ownerDeadline"] - time.time() <= 90)
        self.succeed()
        self.finish(thread)
        self.assertEqual((self.table.item["ownerReason"], self.table.item["last"]["percent"]), ("migrate", 40))
        self.assertEqual(self.log("awaiting-shutdown"), [], "nobody would come")

    def test_the_lease_of_a_migration_is_renewed_until_the_successor_is_ready(self):
        thread = self.until_working(self.start(*self.PLAN, SPOTPROOF_ON_REBALANCE="migrate", heartbeat=handoff.RENEW_SECONDS + 2))
        self.recommend()
        wait_for(lambda: "ownerDeadline" in self.table.item)
        first = self.table.item["ownerDeadline"]
        wait_for(lambda: self.table.item["ownerDeadline"] > first)
        self.succeed()
        self.finish(thread)

    def test_a_restarted_agent_goes_on_with_its_migration_and_begins_no_other(self):
        self.table.item = ledger_item(ownerEpoch=1, ownerState="handing-over", ownerInstanceId="i-1", ownerLaunch=1, rebalancedLaunch=1)
        self.recommend()
        thread = self.start(*self.PLAN, SPOTPROOF_ON_REBALANCE="migrate", heartbeat=90)
        wait_for(lambda: self.table.item["ownerEpoch"] == 2 and self.table.item["ownerState"] == "handing-over" and self.log("job-started"))
        wait_for(lambda: self.steps.answer)
        self.succeed()
        self.finish(thread)
        self.assertEqual((self.table.item["ownerState"], self.log("rebalancing")), ("released", []))

    def test_a_notice_outranks_a_migration(self):
        thread = self.until_working(self.start(*self.PLAN, SPOTPROOF_ON_REBALANCE="migrate", heartbeat=90))
        self.recommend()
        wait_for(lambda: self.steps.answer)
        at = int(time.time()) + 80
        self.agent.inbox.tell(Event("notice", at))
        wait_for(lambda: self.table.item["ownerDeadline"] == at)
        self.succeed()
        self.finish(thread)
        self.assertEqual(self.table.item["ownerReason"], "notice")

    def test_it_may_be_ignored(self):
        thread = self.until_working(self.start(*self.PLAN, SPOTPROOF_ON_REBALANCE="ignore"))
        self.recommend()
        wait_for(lambda: self.log("rebalance"))
        self.turns()
        self.assertIsNone(self.agent.inbox.job.asked_at)
        self.assertNotIn("rebalancedLaunch", self.table.item)
        self.leave(thread)


class InATargetGroup(AgentTest):
    ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/jobs/0123456789abcdef"
    PLAN = (("save", 40), ("until-term", 0), ("save", 57), ("exit", 75))

    def working(self, *plan):
        thread = self.until_working(self.start(*plan, SPOTPROOF_TARGET_GROUP_ARN=self.ARN))
        wait_for(lambda: self.group.targets == {"i-1"})
        self.assertEqual(self.group.calls, [("register_targets", {"TargetGroupArn": self.ARN, "Targets": [{"Id": "i-1"}]})])
        return thread

    def test_it_is_there_while_the_job_works_also_during_a_handoff(self):
        thread = self.working(("save", 40), ("until-term", 0), ("until-logged", ["deregistered", 1]), ("save", 57), ("exit", 75))
        self.agent.inbox.tell(Event("notice", time.time() + 120))
        wait_for(lambda: self.steps.answer)
        self.assertEqual(self.group.targets, {"i-1"})
        self.succeed()
        wait_for(lambda: self.group.targets == set())
        self.finish(thread)
        self.assertEqual(self.group.names(), ["register_targets", "deregister_targets"])
        self.assertLess(self.events().index("deregistered"), self.events().index("released"))

    def test_it_leaves_before_the_end_however_the_job_ends(self):
        for plan in ((("save", 100), ("until-logged", ["registered", 1]), ("exit", 0)), (("until-logged", ["registered", 1]), ("exit", 3))):
            with self.subTest(plan):
                self.table, self.group, self.powered_off[:] = FakeTable(**ledger_item()), FakeTargetGroup(), []
                shutil.rmtree(os.path.join(self.state, "agent"), ignore_errors=True)
                self.finish(self.start(*plan, SPOTPROOF_TARGET_GROUP_ARN=self.ARN))
                self.assertEqual((self.group.names(), self.group.targets), (["register_targets", "deregister_targets"], set()))

    def test_a_superseded_owner_leaves_it_too(self):
        thread = self.working(*self.PLAN)
        self.supersede()
        self.finish(thread)
        self.assertEqual(self.group.targets, set())

    def test_what_fails_is_logged_and_keeps_nothing_up(self):
        self.group.fail = {"register_targets": [unreachable()], "deregister_targets": [client_error("TargetGroupNotFound"), unreachable()]}
        thread = self.until_working(self.start(*self.PLAN, SPOTPROOF_TARGET_GROUP_ARN=self.ARN))
        wait_for(lambda: self.log("request-failed"))
        self.leave(thread)
        self.assertEqual((self.table.item["last"]["percent"], self.table.item["ownerState"]), (57, "released"))

    def test_without_a_group_nothing_is_asked_of_elastic_load_balancing(self):
        self.run_agent(("save", 100), ("exit", 0))
        self.assertEqual(self.group.calls, [])


class Superseded(AgentTest):
    def test_a_superseded_agent_stops_its_job_and_changes_nothing(self):
        thread = self.until_working(self.start(("ignore-term", 0), ("save", 40), ("sleep", 60)))
        self.patch(agent_module, "STOP_SECONDS", 0.05)
        wait_for(lambda: self.table.item["sequence"] == 1)
        self.supersede()
        objects, published = set(self.bucket.objects), len(self.cloudwatch.data)
        self.finish(thread)
        self.assert_nothing_changed()
        self.assertEqual(self.cloudwatch.data[published:], [], "its samples would contradict its successor's")
        self.assertIsNone(self.steps.answer)
        self.assertEqual(len(self.log("superseded")), 1)
        self.assertIsNotNone(self.agent.inbox.job.process.poll())
        self.assertEqual(set(self.bucket.objects) - objects, {"logs/job-1/1-i-1.log"})

    def test_every_write_is_refused_to_a_superseded_agent(self):
        """The zombie's writes: at each, another owner appears just before it; nothing of it may stay."""
        def mine(kind):
            def hook(arguments):
                values = arguments["ExpressionAttributeValues"]
                if kind(arguments["UpdateExpression"], values) and ":mine" in values and not hasattr(self, "frozen"):
                    self.supersede()
            return hook

        kinds = {
            "working": lambda update, values: values.get(":ownerState") == {"S": "working"},
            "progress": lambda update, values: update.startswith("SET #progressPercent"),
            "commit": lambda update, values: ":last" in values,
            "saving": lambda update, values: values.get(":ownerState") == {"S": "saving"},
            "release": lambda update, values: values.get(":ownerState") == {"S": "released"},
        }
        for name, kind in kinds.items():
            with self.subTest(name):
                self.table, self.steps, self.powered_off[:] = FakeTable(**ledger_item()), FakeSteps(), []
                shutil.rmtree(os.path.join(self.state, "agent"), ignore_errors=True)
                self.__dict__.pop("frozen", None)
                self.table.hooks["update_item"] = mine(kind)
                thread = self.start(("save", 40), ("sleep", 0.2), ("until-term", 0), ("save", 57), ("exit", 75))
                wait_for(lambda: "frozen" in self.__dict__ or self.table.item["sequence"])
                self.leave(thread)
                self.assert_nothing_changed()
                self.assertEqual(len(self.log("superseded")), 1)

    def test_a_zombie_that_wakes_during_its_handoff_writes_nothing_answers_nothing_and_stops(self):
        """It slept for hours: its deadline is long over, another owns the job. Each state, and each of its threads may be the first to wake."""
        self.patch(supervise, "RESERVE_SECONDS", 0)
        self.patch(agent_module, "STOP_SECONDS", 0.05)
        for state, events in (("handing-over", ["notice"]), ("saving", ["notice", "terminate"])):
            with self.subTest(state):
                self.table, self.steps, self.powered_off[:] = FakeTable(**ledger_item()), FakeSteps(), []
                shutil.rmtree(os.path.join(self.state, "agent"), ignore_errors=True)
                self.__dict__.pop("frozen", None)
                thread = self.until_working(self.start(("save", 40), ("until-term", 0), ("sleep", 0.3), ("save", 57), ("exit", 75)))
                wait_for(lambda: self.table.item["sequence"] == 1)
                for kind in events:
                    self.agent.inbox.tell(Event(kind, time.time() + 120))
                wait_for(lambda: self.table.item["ownerState"] == state and self.steps.answer)
                objects, published = set(self.bucket.objects), len(self.cloudwatch.data)
                self.supersede()
                self.agent.inbox.tell(Event("notice", time.time() - 7200))
                self.finish(thread)
                self.assert_nothing_changed()
                self.assertEqual(self.cloudwatch.data[published:], [])
                self.assertEqual(len(self.log("superseded")), 1)
                self.assertIsNotNone(self.agent.inbox.job.process.poll())
                self.assertEqual(self.log("released"), [])
                self.assertLessEqual({key.split("/")[0] for key in set(self.bucket.objects) - objects}, {"logs", "jobs"})

    def test_a_successor_that_slept_while_another_was_launched_leaves(self):
        self.table.item = ledger_item(ownerEpoch=4, ownerState="handing-over", ownerInstanceId="i-0", ownerDeadline=int(time.time()) + 99)
        thread = self.start(("exit", 9))
        wait_for(lambda: self.table.item.get("readyLaunch") == 1)
        self.table.item = self.frozen = {**self.table.item, "taskInstanceId": "i-2", "taskLaunch": 2, "taskToken": "token-2"}
        self.answers = 0
        self.finish(thread)
        self.assert_nothing_changed()
        self.assertIn("launch 2 has the task, this is launch 1", self.log("gave-up")[0]["error"])

    def test_the_heart_notices_while_the_main_thread_uploads(self):
        self.patch(agent_module, "STOP_SECONDS", 0.05)
        release = threading.Event()
        self.bucket.hooks["put_object"] = lambda arguments: arguments["Key"].startswith("jobs/") and release.wait(5)
        thread = self.until_working(self.start(("save", 40), ("sleep", 60), heartbeat=0.03))
        wait_for(lambda: "put_object" in self.bucket.names())
        self.supersede()
        wait_for(lambda: "get_item" in self.table.names()[-1:])
        release.set()
        self.finish(thread)
        self.assert_nothing_changed()


class Trouble(AgentTest):
    def test_a_commit_whose_answer_was_lost_is_recognized_by_reading_back(self):
        """The request took effect, its answer did not arrive, and botocore's own retry met the condition."""
        original, seen = self.table.update_item, []

        def twice(**arguments):
            if ":last" in arguments["ExpressionAttributeValues"]:
                seen.append(arguments)
                original(**arguments)
            return original(**arguments)

        self.table.update_item = twice
        self.run_agent(("save", 50), ("until-logged", ["committed", 1]), ("save", 100), ("exit", 0))
        self.assertEqual((len(seen), self.table.item["sequence"], self.table.item["previous"]["percent"]), (2, 2, 50))
        self.assertEqual((self.answer()["outcome"], self.log("superseded")), ("finished", []))

    def test_a_commit_that_failed_after_taking_effect_is_not_doubled(self):
        def after(arguments):
            self.table.after["update_item"] = [unreachable()] if ":last" in arguments["ExpressionAttributeValues"] and not self.table.item["sequence"] else []
        self.table.hooks["update_item"] = after
        self.run_agent(("save", 50), ("until-logged", ["committed", 1]), ("save", 100), ("exit", 0))
        self.assertEqual((self.table.item["sequence"], self.table.item["last"]["percent"], self.table.item["previous"]["percent"]), (2, 100, 50))

    def test_a_takeover_whose_answer_was_lost_is_recognized(self):
        original = self.table.update_item

        def twice(**arguments):
            if "ownerEpoch + :one" in arguments["UpdateExpression"]:
                original(**arguments)
            return original(**arguments)

        self.table.update_item = twice
        self.run_agent(("save", 100), ("exit", 0))
        self.assertEqual((self.table.item["ownerEpoch"], self.answer()["outcome"]), (1, "finished"))

    def test_a_save_that_could_not_be_stored_is_tried_again(self):
        self.bucket.fail["put_object"] = [client_error("InternalError", 500), unreachable(), timed_out(), timed_out(ConnectTimeoutError)]
        thread = self.until_working(self.start(("save", 40), ("until-term", 0), ("exit", 75)))
        wait_for(lambda: self.table.item["sequence"] == 1)
        self.leave(thread)
        self.assertEqual((len(self.log("save-not-stored")), self.table.item["last"]["percent"]), (4, 40))

    def test_a_save_that_could_not_be_committed_is_tried_again_until_a_newer_one_takes_its_place(self):
        down = threading.Event()
        down.set()
        self.refuse_writes(lambda values: timed_out() if down.is_set() and ":last" in values else None)
        thread = self.until_working(self.start(("save", 40), ("until-logged", ["save-not-stored", 1]), ("save", 50), ("until-term", 0), ("exit", 75)))
        wait_for(lambda: self.agent.progress.percent == 50 and len(self.log("save-not-stored")) > 3)
        down.clear()
        wait_for(lambda: self.table.item["sequence"] == 1)
        self.leave(thread)
        self.assertEqual((self.table.item["last"]["percent"], self.table.item["sequence"], self.log("save-refused")), (50, 1, []))

    def test_the_last_save_is_tried_within_the_time_that_is_left(self):
        self.patch(calls.time, "sleep", lambda seconds: None)
        self.bucket.fail["put_object"] = [unreachable()] * 3
        self.run_agent(("save", 100), ("exit", 0))
        self.assertEqual(self.table.item["last"]["percent"], 100)

    def test_a_dead_task_token_does_not_stop_a_working_owner(self):
        for code in ("TaskTimedOut", "TaskDoesNotExist"):
            with self.subTest(code):
                self.table, self.steps, self.powered_off[:] = FakeTable(**ledger_item()), FakeSteps(), []
                shutil.rmtree(os.path.join(self.state, "agent"), ignore_errors=True)
                self.steps.fail = {"send_task_heartbeat": [client_error(code)], "send_task_success": [client_error(code)]}
                self.run_agent(("until-logged", ["task-not-told", 1]), ("save", 100), ("exit", 0), heartbeat=0.03)
                self.assertEqual((self.table.item["finished"], self.table.item["ownerState"]), (True, "released"))
                self.assertEqual(self.steps.names().count("send_task_heartbeat"), 1)
                self.assertEqual(len(self.log("task-not-told")), 2)

    def test_a_task_handed_over_anew_is_answered_by_its_new_token(self):
        self.steps.fail = {"send_task_heartbeat": [client_error("TaskTimedOut")]}
        self.steps.hooks["send_task_heartbeat"] = lambda _: self.table.item.update(taskToken="token-2")
        thread = self.start(("until-opened", 0), ("save", 100), ("exit", 0), heartbeat=0.03)
        wait_for(lambda: len(self.steps.calls) > 3)
        self.open_gate()
        self.finish(thread)
        tokens = [arguments["taskToken"] for _, arguments in self.steps.calls]
        self.assertEqual((tokens[0], set(tokens[1:])), ("token-1", {"token-2"}))

    def test_a_hung_main_thread_loses_the_heartbeat(self):
        hang = threading.Event()
        self.bucket.hooks["put_object"] = lambda arguments: arguments["Key"].startswith("jobs/") and hang.wait(PATIENCE_SECONDS)
        thread = self.start(("save", 100), ("exit", 0), heartbeat=0.03)
        wait_for(lambda: "put_object" in self.bucket.names() and not self.agent.inbox.seen.is_set())
        beats, writes = len(self.steps.calls), len(self.table.history)
        self.assertFalse(self.agent.inbox.seen.wait(0.1), "the next beat waits")
        self.assertEqual((len(self.steps.calls), len(self.table.history)), (beats, writes))
        hang.set()
        self.finish(thread)

    def test_an_upload_that_moves_keeps_the_heartbeat_and_the_progress(self):
        def slowly(arguments):
            if arguments["Key"].startswith("jobs/"):
                beats, writes = len(self.steps.calls), len(self.table.history)
                wait_for(lambda: arguments["Body"].read(0) is None or len(self.steps.calls) > beats + 3 and len(self.table.history) > writes)

        self.bucket.hooks["put_object"] = slowly
        self.run_agent(("save", 100), ("exit", 0), heartbeat=0.03)

    def test_a_job_that_fails_reports_the_tail_of_its_output(self):
        self.run_agent(("print", "x" * 9000), ("print", "no such dataset"), ("save", 20), ("exit", 3))
        answer = self.steps.answer
        self.assertEqual((answer["error"], self.table.item["ownerReason"], self.table.item["ownerState"]), ("JobFailed", "job-failed", "released"))
        self.assertIn("exited with code 3", answer["cause"])
        self.assertTrue(answer["cause"].endswith("no such dataset\n") and len(answer["cause"]) < 5000)
        self.assertEqual(self.table.item["last"]["percent"], 20, "what it had saved is kept")

    def test_a_command_that_cannot_be_started_fails_the_job(self):
        self.run_agent(command="no-such-program --at all")
        self.assertEqual(self.steps.answer["error"], "JobFailed")
        self.assertIn("no-such-program", self.steps.answer["cause"])

    def test_an_artifact_that_is_not_there_fails_the_job(self):
        self.run_agent(command="./run.sh", SPOTPROOF_JOB_ARTIFACT="s3://tools/none.tar.gz")
        self.assertIn("no such object", self.steps.answer["cause"])

    def test_a_killed_job_is_run_again_from_its_last_save(self):
        self.table.item = ledger_item(checkpointSeconds=1)
        script = "import os,sys;exec(open(sys.argv[1]).read().replace('plan = json.loads(sys.argv[1])','plan = [(\"print-restored\",0),(\"save\",100),(\"exit\",0)] if \"SPOTPROOF_RESTORE_DIR\" in os.environ else [(\"save\",40),(\"sleep\",60)]'))"
        with open(os.path.join(self.state, "again.py"), "w") as file:
            file.write(script)
        thread = self.start(command="python3 -S %s/again.py %s/job.py" % (self.state, self.state))
        wait_for(lambda: self.table.item["sequence"] == 1)
        self.agent.inbox.job.process.kill()
        self.finish(thread)
        self.assertEqual((self.output_lines(), self.answer()["outcome"], self.table.item["sequence"]), (["restored at 40"], "finished", 2))

    def test_a_job_that_never_gets_anywhere_is_given_up(self):
        self.run_agent(("exit", 75))
        self.assertEqual(len(self.log("job-started")), 3)
        self.assertIn("a crash loop: 3 runs in a row brought no checkpoint further on; of the last, the job command exited with code 75", self.steps.answer["cause"])

    def test_a_torn_status_file_is_refused_and_the_next_one_counts(self):
        self.run_agent(("report", 30), ("raw", '{"percent": 3'), ("until-logged", ["status-refused", 1]), ("raw", '{"percent": 1000}'),
                       ("until-logged", ["status-refused", 2]), ("raw", '[]'), ("until-logged", ["status-refused", 3]), ("save", 100), ("exit", 0))
        self.assertEqual(len(self.log("status-refused")), 3)
        self.assertEqual(self.answer()["outcome"], "finished")

    def test_a_save_that_is_not_there_is_refused_once_and_not_committed(self):
        thread = self.until_working(self.start(("claim-save", {"dir": "nowhere", "percent": 50}), ("report", 60), ("sleep", 0.05), ("report", 61),
                                               ("until-term", 0), ("exit", 75)))
        wait_for(lambda: self.log("save-refused"))
        self.leave(thread)
        self.assertEqual((self.table.item["sequence"], len(self.log("save-refused")), self.answer()["percent"]), (0, 1, 0))

    def test_a_job_whose_last_save_cannot_be_used_has_not_finished(self):
        self.run_agent(("claim-save", {"dir": "nowhere", "percent": 100}), ("sleep", 0.1), ("exit", 0))
        self.assertNotIn("finished", self.table.item)
        self.assertIn("its last save cannot be used", self.steps.answer["cause"])

    def test_a_job_whose_status_file_cannot_be_read_at_its_end_has_not_finished(self):
        self.run_agent(("save", 50), ("sleep", 0.05), ("raw", '{"percent": 10'), ("exit", 0))
        self.assertNotIn("finished", self.table.item)
        self.assertIn("its status file cannot be used", self.steps.answer["cause"])

    def test_a_save_outside_the_saves_folder_is_refused(self):
        for name in ("../../agent.log", "/etc", "..", ""):
            with self.subTest(name):
                self.table.item, self.powered_off[:] = ledger_item(), []
                shutil.rmtree(os.path.join(self.state, "agent"), ignore_errors=True)
                self.run_agent(("claim-save", {"dir": name, "percent": 50}), ("exit", 3))
                self.assertEqual((self.table.item["sequence"], len(self.log("status-refused"))), (0, 1))

    def test_a_status_file_that_is_never_right_is_told_of_a_few_times(self):
        self.run_agent(*[step for number in range(20) for step in (
            ("raw", '{"percent": "%d"}' % number), ("until-logged", ["status-refused", min(number + 1, supervise.MOST_TOLD)]), ("sleep", 0.02))], ("exit", 3))
        self.assertEqual(len(self.log("status-refused")), supervise.MOST_TOLD)

    def test_whatever_the_status_file_is_the_agent_lives(self):
        for name, text in (("nested", "[" * 60000), ("a number beyond all", '{"percent": 1e999}'), ("no text", "\x00\xff"), ("a surrogate", '{"percent": 1, "save": {"dir": "\\ud800", "percent": 1}}'),
                           ("a null character", '{"percent": 1, "save": {"dir": "a\\u0000b", "percent": 1}}'), ("a list for a name", '{"percent": 1, "save": {"dir": ["a"], "percent": 1}}')):
            with self.subTest(name):
                self.restart()
                self.run_agent(("raw", text), ("until-logged", ["status-refused", 1]), ("exit", 3))
                self.assertEqual((len(self.log("status-refused")), self.log("agent-failed"), self.steps.answer["error"]), (1, [], "JobFailed"))

    def test_a_pipe_in_place_of_the_status_file_does_not_hold_the_agent_up(self):
        self.run_agent(command="sh -c 'mkfifo $SPOTPROOF_STATUS_FILE; sleep 0.05; exit 3'")
        self.assertIn("exited with code 3", self.steps.answer["cause"])

    def test_a_save_that_is_a_link_out_of_its_folder_is_refused(self):
        self.run_agent(command="sh -c 'ln -s %s $SPOTPROOF_SAVES_DIR/one; echo \'{\"percent\": 5, \"save\": {\"dir\": \"one\", \"percent\": 5}}\' >$SPOTPROOF_STATUS_FILE; exit 75'" % self.state)
        self.assertEqual(self.table.item["sequence"], 0)

    def test_a_save_that_goes_back_is_refused_and_the_committed_one_stands(self):
        self.resume_from(self.stored(60))
        self.run_agent(("report", 10), ("sleep", 0.05), ("save", 20), ("sleep", 0.05), ("exit", 3))
        self.assertEqual((self.table.item["last"]["percent"], self.table.item["sequence"]), (60, 1))
        self.assertEqual([line["toPercent"] for line in self.log("progress-went-back")], [10])
        self.assertIn("it is at 20 %, and the last checkpoint at 60 %", self.log("save-refused")[0]["error"])
        self.assertIn("its last save cannot be used", self.steps.answer["cause"])

    def test_configured_exit_codes_are_run_again(self):
        script = "import os,sys;sys.exit(0 if 'run-1-1' in os.environ['SPOTPROOF_SAVES_DIR'] else 17)"
        self.run_agent(command='%s -c "%s"' % (sys.executable, script), SPOTPROOF_RETRYABLE_EXIT_CODES="16,17")
        self.assertEqual((self.answer()["outcome"], [line["code"] for line in self.log("job-exited")]), ("finished", [17, 0]))

    def test_a_job_without_progress_is_told_of_and_lives(self):
        clock = self.clock()
        thread = self.start(("report", 5), ("until-logged", ["no-progress", 2]), ("save", 100), ("exit", 0), SPOTPROOF_NO_PROGRESS_SECONDS="3000")
        for told in (0, 1):
            wait_for(lambda: self.job_percent() == 5 and len(self.log("no-progress")) == told)
            clock.ahead += 3000
        self.finish(thread)
        self.assertEqual([(line["percent"], round(line["seconds"], -3)) for line in self.log("no-progress")], [(5, 3000), (5, 6000)])
        self.assertEqual(self.answer()["outcome"], "finished")

    def test_a_job_without_progress_is_ended_where_that_is_configured(self):
        clock = self.clock()
        thread = self.start(("ignore-term", 0), ("print", "deaf"), ("report", 5), ("sleep", 60), SPOTPROOF_END_WITHOUT_PROGRESS_SECONDS="3000")
        for run in (1, 2, 3):
            wait_for(lambda: len(self.output_lines()) == run and self.job_percent() == 5)
            clock.ahead += 3000
            wait_for(lambda: self.agent.inbox.job.asked_at is not None)
            self.assertEqual((len(self.log("job-stuck")), len(self.log("job-killed"))), (run, run - 1), "it may still save")
            clock.ahead += supervise.SAVE_SECONDS + 3 * savetime.UNMEASURED_SECONDS
        self.finish(thread)
        self.assertEqual((len(self.log("job-stuck")), len(self.log("job-killed"))), (3, 3))
        self.assertIn("a crash loop: 3 runs in a row brought no checkpoint further on; of the last, it made no progress for", self.steps.answer["cause"])

    def test_what_a_job_leaves_running_is_ended_with_it(self):
        pid = os.path.join(self.state, "pid")
        self.run_agent(command="sh -c 'sleep 60 & echo $! >%s; exit 3'" % pid)
        with open(pid) as file:
            wait_for(lambda number=int(file.read()): not self.lives(number))
        self.assertEqual(len(self.log("left-behind-killed")), 1)

    def test_sigterm_reaches_what_a_shell_runs_and_its_save_counts_though_the_shell_is_gone(self):
        inner = "python3 -S %s/job.py '%s'" % (self.state, json.dumps([("report", 30), ("until-term", 0), ("sleep", 0.2), ("save", 57), ("exit", 75)]))
        with open(os.path.join(self.state, "wrapper.sh"), "w") as file:
            file.write("%s\necho never\n" % inner)
        thread = self.until_working(self.start(command="sh %s/wrapper.sh" % self.state))
        wait_for(lambda: self.table.item.get("progressPercent") == 30)
        self.agent.inbox.tell(Event("terminate", time.time() + 60))
        self.finish(thread)
        self.assertEqual((self.table.item["last"]["percent"], self.log("job-exited")[0]["code"], self.log("left-behind-killed")), (57, -15, []))

    def test_a_whole_group_that_ignores_sigterm_is_killed_in_time(self):
        self.patch(supervise, "RESERVE_SECONDS", 10)
        pid = os.path.join(self.state, "pid")
        thread = self.start(command="sh -c 'trap \"\" TERM; sleep 60 & echo $! >%s; wait'" % pid)
        wait_for(lambda: os.path.exists(pid) and os.path.getsize(pid))
        self.agent.inbox.tell(Event("notice", time.time() + 10.2))
        self.finish(thread)
        with open(pid) as file:
            wait_for(lambda number=int(file.read()): not self.lives(number))
        self.assertEqual(len(self.log("job-killed")), 1)

    def test_what_earlier_runs_have_left_on_the_disk_makes_room(self):
        self.run_agent(("save", 10), ("sleep", 0.05), ("exit", 75))
        runs = [name for name in os.listdir(os.path.join(self.state, "agent")) if name.startswith("run-")]
        self.assertEqual(len([name for name in runs if "last" not in name]), 1)

    def test_a_full_disk_is_told_of_and_explains_the_failure(self):
        full = os.statvfs_result((4096, 4096, 1000, 300, 256, 0, 0, 0, 0, 255))
        with mock.patch.object(os, "statvfs", lambda _: full):
            self.run_agent(("print", "[Errno 28] No space left on device"), ("sleep", 0.05), ("exit", 1))
        self.assertEqual([line["freeBytes"] for line in self.log("disk-low") + self.log("disk-full")], [1 << 20, 1 << 20])
        self.assertFalse(os.path.exists(os.path.join(self.state, "agent", "reserve")))
        self.assertIn("exited with code 1; its volume has 1 MiB left: the knob rootVolumeGiB makes it larger", self.steps.answer["cause"])

    def no_room(self, *names):
        """From now on nothing whose path has one of these in it can be opened for writing: the volume is full."""
        real = open

        def opened(path, mode="r", *arguments, **options):
            if mode[0] in "wax" and any(name in str(path) for name in names):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
            return real(path, mode, *arguments, **options)

        self.patch(builtins, "open", opened)

    def test_on_a_full_disk_it_still_uploads_its_log_and_answers(self):
        self.no_room("agent/done")
        self.run_agent(("save", 100), ("exit", 0))
        self.assertEqual(self.answer()["outcome"], "finished")
        self.assertIn("No space left on device", self.log("not-marked")[0]["error"])
        self.assertTrue([key for key in self.bucket.objects if key.startswith("logs/")])

    def assert_gives_up_for_want_of_room_at(self, place):
        self.resume_from(self.stored(50))
        self.no_room(place)
        self.run_agent(("exit", 0))
        self.assertEqual((self.steps.answer["error"], self.table.item["ownerState"], self.table.item["last"]["percent"]), ("InstanceGaveUp", "released", 50))
        self.assertIn("there is no room left on its volume ([Errno 28] No space left on device", self.steps.answer["cause"])
        self.assertIn("the knob rootVolumeGiB makes it larger", self.steps.answer["cause"])

    def test_a_checkpoint_for_which_there_is_no_room_is_the_instances_trouble_and_explained(self):
        self.assert_gives_up_for_want_of_room_at("-last/state")

    def test_a_run_for_which_there_is_no_room_is_the_instances_trouble_and_explained(self):
        self.assert_gives_up_for_want_of_room_at("/output")

    def test_a_job_that_the_kernel_ends_out_of_memory_is_told_of_as_such(self):
        counts = iter([2, 3])
        self.patch(supervise, "oom_kills", lambda: next(counts, 3))
        self.run_agent(command="sh -c 'kill -9 $$'")
        self.assertEqual(self.log("out-of-memory")[0]["processes"], 1)

    def test_a_checkpoint_that_could_not_be_marked_as_finished_does_not_keep_the_other_from_it(self):
        self.bucket.fail["put_object_tagging"] = [client_error("AccessDenied", 403)]
        self.run_agent(("save", 50), ("until-logged", ["committed", 1]), ("save", 100), ("exit", 0))
        self.assertEqual((self.answer()["outcome"], list(self.bucket.tags)), ("finished", [self.table.item["previous"]["key"]]))
        self.assertEqual(len(self.log("request-failed")), 1)

    def test_memory_is_not_blamed_when_the_kernel_no_longer_tells(self):
        counts = iter([2])
        self.patch(supervise, "oom_kills", lambda: next(counts, None))
        self.run_agent(command="sh -c 'kill -9 $$'")
        self.assertEqual(self.log("out-of-memory"), [])
        self.assertIn("perhaps of the kernel's", self.steps.answer["cause"])

    def test_a_flood_of_output_is_cut_but_its_end_is_kept(self):
        self.patch(supervise, "MOST_LOGGED_BYTES", 5000)
        self.patch(output, "MOST_FILE_BYTES", 100000)
        self.run_agent(command="%s -c 'import time\nfor i in range(20000): print(\"line\", i)\ntime.sleep(.3)\nprint(\"the end\")'" % sys.executable)
        lines = self.output_lines()
        self.assertEqual((lines[0], lines[-1]), ("line 0", "the end"))
        self.assertLess(len(lines), 15000)
        self.assertGreater(self.log("output-cut")[0]["bytes"], 100000)

    def test_an_error_of_the_agent_itself_still_releases_reports_and_powers_off(self):
        with mock.patch.object(Progress, "sample", side_effect=ZeroDivisionError("a bug")):
            self.run_agent(("save", 40), ("sleep", 60))
        self.assertIn("ZeroDivisionError", self.log("agent-failed")[0]["error"])
        self.assertEqual((self.steps.answer["error"], self.table.item["ownerState"], self.table.item["ownerReason"]), ("InstanceGaveUp", "released", "error"))
        self.assertIn("ZeroDivisionError", self.steps.answer["cause"])

    def test_the_final_log_missing_its_bucket_does_not_keep_it_from_answering(self):
        self.bucket.hooks["put_object"] = lambda arguments: arguments["Key"].startswith("logs/") and self.bucket.fail.update(put_object=[unreachable()])
        self.run_agent(("save", 100), ("exit", 0))
        self.assertEqual(self.answer()["outcome"], "finished")


if __name__ == "__main__":
    unittest.main()
