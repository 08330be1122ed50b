"""The agent: carries one job on one instance, from the hand-over of its task to power-off.

The main thread (`Agent.run`) takes the job over, has the supervisor run it, releases it and reports; `heart` tells Step
Functions and the ledger that it lives; `Monitor.watch` waits for the interruption, `Owner` hands the job over then. Whatever
happens, it ends in power-off, which terminates the instance.
"""
import math
import os
import signal
import subprocess
import threading
import time
import traceback

import handoff
from calls import FAILED, Calls, clients
from checkpoints import Checkpoints
from cloudlog import CloudLog
from conduct import conduct_of
from disk import want_of_room
from heart import heart
from inbox import Inbox
from ledger import Ledger, Superseded
from log import Log
from metadata import Metadata, MetadataError
from metrics import Metrics
from monitor import Event, Monitor, recorded
from owner import Owner
from prepare import Prepare
from progress import Progress
from savetime import SaveTime
from supervise import Supervisor
from targets import TargetGroup
from task import Task

IDENTIFY_SECONDS = 60  # how long the metadata service may take to answer
CLAIM_SECONDS = 300  # how long the task may take to come
GRACE_SECONDS = 60  # from SIGTERM to SIGKILL, as the unit's TimeoutStopSec says
LOOK_SECONDS = 1  # between looks at the ledger, while the task has not come
GONE_SECONDS = 60  # after its deadline an instance that AWS was to shut down does so itself
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
        self.ledger = self.owner = self.prepare = self.cloud_log = None
        self.heartbeat_seconds = float(settings["SPOTPROOF_HEARTBEAT_SECONDS"])
        self.item, self.threads = {}, []

    def run(self):
        """From boot to power-off. Never raises."""
        done = os.path.join(self.state, "done")
        outcome = reason = None
        try:
            if os.path.exists(done):
                raise GiveUp("this instance has done its part already")
            self.identify()
            monitor = Monitor(self.metadata, self.inbox.tell, self.log)
            monitor.look()  # an agent that was restarted knows of its notice before it does anything
            self.spawn(monitor.watch, self.inbox.ended)
            outcome, reason = self.part(self.claim())
        except Superseded as error:
            self.log("superseded", "error", error=str(error))
            self.ledger.epoch = 0
        except GiveUp as error:
            self.log("gave-up", "error", error=str(error))
        except FAILED as error:
            self.log("gave-up", "error", error=str(error))
            outcome, reason = "gave-up", "what it stands on could not be reached, or refused: %s" % error
        except Exception as error:
            full = want_of_room(error)
            self.log("gave-up" if full else "agent-failed", "error", error=full or traceback.format_exc())
            outcome, reason = "gave-up", full or "the agent failed: %r" % error
        try:
            self.mark(done)
            self.leave(outcome, reason)
            self.await_shutdown(outcome)
        except Exception:
            self.log("agent-failed", "error", error=traceback.format_exc())
        self.inbox.end()
        self.log("power-off")
        if self.cloud_log:
            self.cloud_log.end()
        subprocess.run(["systemctl", "poweroff"])
        for thread in self.threads:
            thread.join(STOP_SECONDS)

    def mark(self, done):
        """Leaves word that an agent which systemd starts again has nothing to do here. Without it that one asks the ledger."""
        try:
            open(done, "w").close()
        except OSError as error:
            self.log("not-marked", "warning", error=str(error))

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
        self.cloud_log = CloudLog(made["logs"], self.settings["SPOTPROOF_LOG_GROUP"], "%s/%d-%s" % (self.job_id, self.launch, self.instance))
        self.log.send_to(self.cloud_log)
        self.spawn(self.cloud_log.run)
        self.s3 = made["s3"]
        self.ledger = Ledger(made["dynamodb"], self.settings["SPOTPROOF_TABLE"], self.job_id, self.instance, self.launch)
        self.task = Task(made["sfn"], self.ledger, self.log)
        self.metrics = Metrics(made["cloudwatch"], self.settings["SPOTPROOF_NAMESPACE"], self.job_id)
        self.progress = Progress(self.ledger, self.metrics, self.calls)
        self.ledger.learn = self.learn
        self.targets = TargetGroup(made["elbv2"], self.settings.get("SPOTPROOF_TARGET_GROUP_ARN"), self.instance, self.calls, self.log)

    def learn(self, item):
        """What the ledger tells about this instance."""
        for event in recorded(item, self.instance):
            self.inbox.tell(event)

    def claim(self):
        """Waits for the task, and for the owner's release, until there is something to do: an action of `handoff.successor`.
        Raises GiveUp when nothing comes in time."""
        inbox, until = self.inbox, time.monotonic() + CLAIM_SECONDS
        while True:
            self.calls.attempt(self.look)
            deadline = None if inbox.deadline == math.inf else inbox.deadline
            saves = SaveTime(self.item.get("last", {}).get("saveSeconds"))
            action = handoff.successor(self.item, self.ledger.me, inbox.why, time.time(), deadline, saves.seconds())
            if action == "take-over" and self.calls.attempt(self.ledger.take_over, self.item) and self.ledger.epoch:
                return action
            if action == "stand-in" and self.calls.attempt(self.ledger.stand_in, self.item, inbox.ends(self.heartbeat_seconds)) and self.ledger.epoch:
                return action
            if action in ("report", "leave", "release"):
                return action
            if action == "answer" and not self.task.answered:
                percent = self.item.get("last", {}).get("percent", 0)
                self.calls.attempt(self.task.succeed, outcome="notice", percent=percent, epoch=0, reason=inbox.why, deadline=int(inbox.deadline))
            if action == "ready" and self.calls.attempt(self.ledger.ready, self.item, int(time.time() + self.heartbeat_seconds)):
                self.log("ready", owner=self.item.get("ownerInstanceId"))
            if time.monotonic() >= until:
                raise GiveUp("no job to take over: the ledger says %s" % {name: self.item.get(name) for name in (
                    "taskInstanceId", "taskLaunch", "ownerState", "ownerInstanceId")})
            inbox.next(LOOK_SECONDS)

    def look(self):
        """Reads the ledger, and takes the task that has come."""
        item = self.item = self.ledger.read()
        if handoff.assigned(item, self.ledger.me):
            self.task.come(item["taskToken"])
            self.begin()

    def begin(self):
        """What an instance does that is to have the job, once: it beats, and fetches what needs no ownership."""
        if self.prepare:
            return
        self.spawn(heart, self.inbox, self.calls, self.task, self.progress, self.heartbeat_seconds)
        artifact = self.settings.get("SPOTPROOF_JOB_ARTIFACT")
        self.prepare = Prepare(self.checkpoints(self.inbox.alive), self.state, artifact, self.calls, self.log)
        if artifact:
            self.spawn(self.prepare.fetch_ahead, self.checkpoints(lambda: None))

    def checkpoints(self, alive):
        return Checkpoints(self.s3, self.item["bucket"], self.job_id, alive)

    def part(self, action):
        """Plays this instance's part: (outcome, reason)."""
        if action in ("take-over", "stand-in"):
            return self.work(stands_in=action == "stand-in")
        if action == "report":
            return "finished", "finished"
        if action == "release":
            released = self.calls.persist(self.ledger.release_earlier, self.item)
            self.log("earlier-life-released", "warning", released=released)
            return ("notice", "notice") if self.inbox.why == "notice" else (None, None)
        if not self.inbox.why:
            raise GiveUp("launch %s has the task, this is launch %d" % (self.item.get("taskLaunch"), self.launch))
        return "notice", self.inbox.why

    def work(self, stands_in):
        """Runs the job as its owner until it ends or is interrupted: (outcome, reason)."""
        if stands_in:  # it is to hand over, and has no task to answer
            self.task.answered = True
            self.inbox.tell(Event("migrate", math.inf))
            self.begin()
        last = self.item.get("last", {})
        self.progress.percent = last.get("percent", 0)
        self.log.context["epoch"] = self.ledger.epoch
        self.log("took-over", sequence=self.ledger.sequence, **({"standsIn": True} if stands_in else {}))
        self.owner = Owner(self.ledger, self.task, self.progress, SaveTime(last.get("saveSeconds")), self.targets, self.inbox,
                           self.calls, self.heartbeat_seconds, self.log)
        constant = {"SPOTPROOF_JOB_ID": self.job_id, "AWS_REGION": self.region, "AWS_DEFAULT_REGION": self.region}
        supervisor = Supervisor(self.item, self.settings["SPOTPROOF_JOB_COMMAND"], constant, self.settings["SPOTPROOF_ON_REBALANCE"],
                                conduct_of(self.settings, self.log), self.state, self.owner, self.prepare.checkpoints, self.prepare, self.log)
        self.spawn(self.owner.converse)
        self.spawn(self.owner.alarm)
        return supervisor.work()

    def leave(self, outcome, reason):
        """The end: releases the job, publishes the last metrics, uploads the final log, answers the waiting task."""
        job = self.inbox.job
        if job:
            job.end(STOP_SECONDS)
        if not self.ledger:
            return
        epoch, record = self.ledger.epoch, self.progress.record or self.item.get("last") or {}
        percent = 100 if outcome == "finished" else record.get("percent", 0)
        if outcome and epoch:
            outcome = self.release(outcome, reason, percent)
            if outcome == "finished":
                self.checkpoints(self.inbox.alive).let_expire(self.ledger.latest, self.calls.attempt)
        self.ledger.epoch = 0  # nothing is to be written any more
        self.inbox.wake()
        if self.owner:
            self.targets.deregister()
        if outcome:  # the samples of a superseded life would contradict its successor's
            self.calls.attempt(self.metrics.publish)
        if "bucket" in self.item:
            self.calls.attempt(self.upload_log)
        with self.task.answering:
            self.answer(outcome, reason, percent, epoch)

    def answer(self, outcome, reason, percent, epoch):
        """Answers the waiting task, unless that is done."""
        if outcome in ("failed", "finished") and "taskToken" in self.ledger.latest:
            self.task.token, self.task.answered = self.ledger.latest["taskToken"], False  # in a handoff it is the successor's
        if not outcome or self.task.answered or not self.task.token:
            return
        if outcome == "gave-up":
            self.calls.persist(self.task.fail, "InstanceGaveUp", reason)
        elif outcome == "failed":
            job = self.inbox.job
            cause = "%s. The end of its output:\n%s" % (reason, job.output.tail(CAUSE_BYTES) if job else "")
            self.calls.persist(self.task.fail, "JobFailed", cause)
        else:
            until = {"deadline": int(self.inbox.deadline)} if outcome == "notice" else {}
            self.calls.persist(self.task.succeed, outcome=outcome, percent=percent, epoch=epoch, reason=reason, **until)

    def release(self, outcome, reason, percent):
        """The last write; what the outcome has become is returned: None when the job was not ours to release."""
        changes = {"ownerReason": {"failed": "job-failed", "gave-up": "error"}.get(outcome, reason)}
        if outcome == "finished":
            changes.update(finished=True, progressPercent=100, progressAt=int(time.time()))
            self.metrics.sample(time.time(), 100, 0)
        try:
            self.owner.release(**changes)
            self.log("released", outcome=outcome, reason=reason, percent=percent)
            return outcome
        except Superseded as error:
            self.log("superseded", "error", error=str(error))
        except FAILED as error:
            self.log("not-released", "error", error=str(error))
        return None

    def await_shutdown(self, outcome):
        """Leaves the end of an instance that Spot takes back to AWS: gone earlier, it would cost the request its status
        code, and its owner the refund of a first hour.
        https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-for-interrupted-spot-instances.html"""
        if outcome not in ("saved", "notice") or self.inbox.why != "notice":
            return
        self.log("awaiting-shutdown", deadline=int(self.inbox.deadline))
        while self.inbox.why == "notice" and time.time() < self.inbox.deadline + GONE_SECONDS:
            self.inbox.next(self.inbox.deadline + GONE_SECONDS - time.time())

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
