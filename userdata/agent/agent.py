"""The agent: carries one job on one instance, from the hand-over of its task to power-off.

The main thread (`Agent.run`) takes the job over, has the supervisor run it, releases it and reports; `heart` tells Step
Functions and the ledger that it lives; `Monitor.watch` waits for the interruption. Whatever happens, it ends in power-off,
which terminates the instance.
"""
import os
import signal
import subprocess
import threading
import time
import traceback

from calls import FAILED, Calls, clients
from checkpoints import Checkpoints
from heart import heart
from inbox import Inbox
from ledger import Ledger, Superseded
from log import Log
from metadata import Metadata, MetadataError
from metrics import Metrics
from monitor import Event, Monitor
from prepare import Prepare
from progress import Progress
from supervise import Supervisor
from task import Task

IDENTIFY_SECONDS = 60  # how long the metadata service may take to answer
CLAIM_SECONDS = 300  # how long the task may take to come
GRACE_SECONDS = 60  # from SIGTERM to SIGKILL, as the unit's TimeoutStopSec says
LOOK_SECONDS = 1  # between looks at the ledger, while the task has not come
STOP_SECONDS = 5  # from SIGTERM to SIGKILL for a job whose save no one wants
CAUSE_BYTES = 4000  # of the job's output in a failure's cause


class GiveUp(Exception):
    """There is nothing for this instance to do."""


class Agent:
    """`settings` are the SPOTPROOF_* variables of agent.env; `state` is the agent's own folder."""

    def __init__(self, settings, state, metadata, make_clients=clients):
        self.settings, self.state, self.metadata, self.make_clients = settings, state, metadata, make_clients
        os.makedirs(state, exist_ok=True)
        self.log = Log(os.path.join(state, "agent.log"))
        self.inbox = Inbox(self.log)
        self.calls = Calls(self.inbox, self.log)
        self.ledger = None
        self.item, self.threads = {}, []

    def run(self):
        """From boot to power-off. Never raises."""
        done = os.path.join(self.state, "done")
        outcome = reason = None
        try:
            if os.path.exists(done):
                raise GiveUp("this instance has done its part already")
            self.identify()
            self.spawn(Monitor(self.metadata, self.inbox.tell, self.log).watch, self.inbox.ended)
            self.claim()
            if self.item.get("finished"):
                outcome, reason = "finished", "finished"
            elif self.ledger.epoch:
                outcome, reason = self.work()
            else:
                outcome, reason = "saved", self.inbox.stop
        except Superseded as error:
            self.log("superseded", "error", error=str(error))
            self.ledger.epoch = 0
        except GiveUp as error:
            self.log("gave-up", "error", error=str(error))
        except Exception:
            self.log("agent-failed", "error", error=traceback.format_exc())
            outcome, reason = "saved", "error"
        try:
            open(done, "w").close()
            self.leave(outcome, reason)
        except Exception:
            self.log("agent-failed", "error", error=traceback.format_exc())
        self.inbox.ended.set()
        self.log("power-off")
        subprocess.run(["systemctl", "poweroff"])
        for thread in self.threads:
            thread.join(STOP_SECONDS)

    def spawn(self, function, *arguments):
        thread = threading.Thread(target=function, args=arguments, daemon=True)
        thread.start()
        self.threads.append(thread)

    def identify(self):
        """Learns from the metadata service who and where this instance is. Raises GiveUp."""
        paths = ("instance-id", "placement/region", "tags/instance/spotproof:job", "tags/instance/spotproof:launch")
        until = time.monotonic() + IDENTIFY_SECONDS
        while True:
            try:
                found = [self.metadata.get(path) for path in paths]
                if all(found):
                    break
                error = "nothing at " + paths[found.index(None)]
            except MetadataError as failure:
                error = failure
            if time.monotonic() >= until:
                raise GiveUp("the metadata service does not say who this instance is: %s" % error)
            self.inbox.next(LOOK_SECONDS)
        self.instance, self.region, self.job_id, self.launch = found[0], found[1], found[2], int(found[3])
        self.region = os.environ.get("AWS_REGION", self.region)
        self.log.context.update(job=self.job_id, launch=self.launch, epoch=0, instance=self.instance)
        self.log("booted")
        made = self.make_clients(self.region)
        self.s3 = made["s3"]
        self.ledger = Ledger(made["dynamodb"], self.settings["SPOTPROOF_TABLE"], self.job_id, self.instance, self.launch)
        self.task = Task(made["sfn"], self.ledger, self.log)
        self.metrics = Metrics(made["cloudwatch"], self.settings["SPOTPROOF_NAMESPACE"], self.job_id)
        self.progress = Progress(self.ledger, self.metrics, self.calls)

    def claim(self):
        """Waits for the task and takes the job over. Raises GiveUp when neither comes in time."""
        until = time.monotonic() + CLAIM_SECONDS
        while not self.inbox.stop:
            if time.monotonic() >= until:
                raise GiveUp("no job to take over: the ledger says %s" % {name: self.item.get(name) for name in (
                    "taskInstanceId", "taskLaunch", "ownerState", "ownerInstanceId")})
            if self.calls.attempt(self.look):
                if self.task.token and self.item.get("finished") or self.ledger.epoch:
                    break
            self.inbox.next(LOOK_SECONDS)
        if self.ledger.epoch:
            self.progress.percent = self.item.get("last", {}).get("percent", 0)
            self.log.context["epoch"] = self.ledger.epoch
            self.log("took-over", sequence=self.ledger.sequence)

    def look(self):
        """Reads the ledger, and acts on what it says about this instance."""
        item = self.item = self.ledger.read()
        if not self.ledger.assigned(item):
            return
        if not self.task.token:
            self.task.token = item["taskToken"]
            self.spawn(heart, self.inbox, self.calls, self.task, self.progress, float(self.settings["SPOTPROOF_HEARTBEAT_SECONDS"]))
        if not item.get("finished"):
            self.ledger.take_over(item)

    def work(self):
        """Runs the job until it ends or is interrupted: (outcome, reason)."""
        self.inbox.announce = lambda: self.calls.attempt(self.ledger.write, ownerState="saving", ownerDeadline=int(self.inbox.deadline))
        constant = {"SPOTPROOF_JOB_ID": self.job_id, "AWS_REGION": self.region, "AWS_DEFAULT_REGION": self.region}
        checkpoints = Checkpoints(self.s3, self.item["bucket"], self.job_id, self.state, self.inbox.alive)
        prepare = Prepare(checkpoints, self.state, self.settings.get("SPOTPROOF_JOB_ARTIFACT"), self.calls, self.log)
        supervisor = Supervisor(self.item, self.settings["SPOTPROOF_JOB_COMMAND"], constant, self.state, self.ledger, self.progress,
                                checkpoints, prepare, self.inbox, self.calls, self.log)
        return supervisor.work()

    def leave(self, outcome, reason):
        """The end: releases the job, publishes the last metrics, uploads the final log, answers the waiting task."""
        job = self.inbox.job
        if job:
            job.end(STOP_SECONDS)
        if not self.ledger:
            return
        epoch, progress = self.ledger.epoch, self.progress
        percent = 100 if outcome == "finished" else (progress.record or self.item.get("last") or {}).get("percent", 0)
        if outcome and epoch:
            changes = {"ownerState": "released", "ownerReason": "job-failed" if outcome == "failed" else reason}
            if outcome == "finished":
                changes.update(finished=True, progressPercent=100, progressAt=int(time.time()))
                self.metrics.sample(time.time(), 100, 0)
            try:
                self.calls.persist(self.ledger.write, **changes)
                self.log("released", outcome=outcome, reason=reason, percent=percent)
            except Superseded as error:
                self.log("superseded", "error", error=str(error))
                outcome = None
            except FAILED as error:
                self.log("not-released", "error", error=str(error))
                outcome = None
        self.ledger.epoch = 0  # the heart has nothing to write any more
        if outcome:  # the samples of a superseded life would contradict its successor's
            self.calls.attempt(self.metrics.publish)
        if "bucket" in self.item:
            self.calls.attempt(self.upload_log)
        if outcome == "failed":
            cause = "%s. The end of its output:\n%s" % (reason, job.tail(CAUSE_BYTES) if job else "")
            self.calls.persist(self.task.fail, "JobFailed", cause)
        elif outcome and self.task.token:
            self.calls.persist(self.task.succeed, outcome=outcome, percent=percent, epoch=epoch, reason=reason)

    def upload_log(self):
        key = "logs/%s/%d-%s.log" % (self.job_id, self.launch, self.instance)
        with open(self.log.path, "rb") as file:
            self.s3.put_object(Bucket=self.item["bucket"], Key=key, Body=file, ContentType="application/x-ndjson")


def main():
    metadata = Metadata(os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254"))
    agent = Agent(os.environ, os.environ["STATE_DIRECTORY"], metadata)
    signal.signal(signal.SIGTERM, lambda *_: agent.inbox.tell(Event("terminate", time.time() + GRACE_SECONDS)))
    agent.run()


if __name__ == "__main__":
    main()
