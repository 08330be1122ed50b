"""The agent as a whole, with real jobs as real processes, on fakes of AWS and short periods."""
import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
import threading
import time
import unittest
from unittest import mock

from .fakes import FakeBucket, FakeCloudWatch, FakeMetadata, FakeSteps, FakeTable, client_error, ledger_item, unreachable, wait_for

import agent as agent_module
import monitor
from agent import Agent
from monitor import Event

# A job by the contract, in the fewest lines: what it does is in its plan, a list of steps.
JOB = '''
import json, os, signal, sys, time
plan = json.loads(sys.argv[1])
saves, status = os.environ["SPOTPROOF_SAVES_DIR"], os.environ["SPOTPROOF_STATUS_FILE"]
stop = []
signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
save = None
def report(percent):
    text = {"percent": percent}
    if save: text["save"] = save
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
        with open(status, "w") as f: f.write(value)
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


class AgentTest(unittest.TestCase):
    def setUp(self):
        self.state = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.state, ignore_errors=True)
        for module, name, value in ((agent_module, "TICK_SECONDS", 0.01), (agent_module, "PUBLISH_SECONDS", 0.05),
                                    (agent_module, "RETRY_SECONDS", 0.02), (agent_module, "MOST_REPORT_SECONDS", 0.02),
                                    (agent_module, "LEAST_REPORT_SECONDS", 0.02), (agent_module, "LOOK_SECONDS", 0.01),
                                    (agent_module, "HERE", os.path.join(agent_module.HERE, "..")), (monitor, "POLL_SECONDS", 0.01)):
            self.patch(module, name, value)
        self.powered_off = []
        self.patch(agent_module.subprocess, "run", lambda command: self.powered_off.append(command))
        self.table, self.bucket, self.steps, self.cloudwatch = FakeTable(**ledger_item()), FakeBucket(), FakeSteps(), FakeCloudWatch()
        self.metadata = FakeMetadata()
        with open(os.path.join(self.state, "job.py"), "w") as file:
            file.write(JOB)

    def patch(self, thing, name, value):
        patcher = mock.patch.object(thing, name, value)
        patcher.start()
        self.addCleanup(patcher.stop)

    def make(self, *plan, command=None, heartbeat=3, **settings):
        command = command or "python3 %s '%s'" % (os.path.join(self.state, "job.py"), json.dumps(plan))
        self.agent = Agent({"SPOTPROOF_TABLE": "table", "SPOTPROOF_NAMESPACE": "spotproof", "SPOTPROOF_JOB_COMMAND": command,
                            "SPOTPROOF_HEARTBEAT_SECONDS": str(heartbeat), **settings}, os.path.join(self.state, "agent"), self.metadata,
                           lambda region: {"dynamodb": self.table, "s3": self.bucket, "sfn": self.steps, "cloudwatch": self.cloudwatch})
        return self.agent

    def run_agent(self, *plan, **options):
        self.finish(self.start(*plan, **options))

    def start(self, *plan, **options):
        agent = self.make(*plan, **options)
        thread = threading.Thread(target=self.quietly, args=(agent,))
        thread.start()
        self.addCleanup(thread.join, 10)
        return thread

    def finish(self, thread):
        thread.join(10)
        self.assertFalse(thread.is_alive(), "the agent does not end")
        self.assertEqual(self.powered_off, [["systemctl", "poweroff"]])

    def quietly(self, agent):
        with mock.patch.object(sys, "stdout", io.StringIO()):
            agent.run()

    def log(self, event=None):
        with open(os.path.join(self.state, "agent", "agent.log")) as file:
            lines = [json.loads(line) for line in file]
        return [line for line in lines if event in (None, line["event"])]

    def test_a_job_that_finishes_is_committed_released_and_reported(self):
        self.run_agent(("save", 50), ("sleep", 0.1), ("save", 100), ("exit", 0))
        item = self.table.item
        self.assertEqual((item["finished"], item["ownerState"], item["ownerReason"], item["sequence"]), (True, "released", "finished", 2), self.log())
        self.assertEqual((item["last"]["percent"], item["previous"]["percent"], item["progressPercent"]), (100, 50, 100))
        self.assertEqual(json.loads(self.steps.answer["output"]), {"outcome": "finished", "percent": 100, "epoch": 1, "reason": "finished"})
        self.assertIn("logs/job-1/1-i-1.log", self.bucket.objects)


if __name__ == "__main__":
    unittest.main()
