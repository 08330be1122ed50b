"""The agent: carries one job on one instance, from the hand-over of its task to power-off.

The main thread (`Agent.run`) takes the job over, restores its last checkpoint, supervises the job command and commits
its saves; `heart` tells Step Functions and the ledger that it lives; `Monitor.watch` waits for the interruption.
Whatever happens, it ends in power-off, which terminates the instance.
"""
import json
import math
import os
import queue
import signal
import subprocess
import threading
import time
import traceback

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from checkpoints import Checkpoints, Refused, unpack
from job import EX_TEMPFAIL, Job, NotStarted
from ledger import Ledger, Superseded
from log import Log, timestamp
from metadata import Metadata, MetadataError
from metrics import Metrics
from monitor import Event, Monitor

HERE = os.path.dirname(os.path.abspath(__file__))
IDENTIFY_SECONDS = 60  # how long the metadata service may take to answer
CLAIM_SECONDS = 300  # how long the task may take to come
PERSIST_SECONDS = 300  # how long a request that must succeed is repeated when no deadline is nearer
GRACE_SECONDS = 60  # from SIGTERM to SIGKILL, as the unit's TimeoutStopSec says
RESERVE_SECONDS = 10  # of the time left, for what comes after the job's own save
ALIVE_SECONDS = 30  # the main thread has hung if it was not seen alive for so long: longer than `clients` lets a request last
LEAST_TICK_SECONDS, MOST_TICK_SECONDS = 3, 15  # bounds of the time between looks at the status file, a 200th of the checkpoint interval
LOOK_SECONDS = 1  # between looks at the ledger, while the task has not come
LEAST_REPORT_SECONDS, MOST_REPORT_SECONDS = 1, 60  # bounds of the job's reporting period, a 360th of its duration
PUBLISH_SECONDS = 10  # between publications, at least
STOP_SECONDS = 5  # from SIGTERM to SIGKILL for a job whose save no one wants
RETRY_SECONDS = 5  # before a save that could not be stored is tried again
FRUITLESS_RUNS = 3  # of the job in a row, without a new checkpoint: then it has failed
CAUSE_BYTES = 4000  # of the job's output in a failure's cause
TRANSIENT = ("Throttl", "Exceeded", "SlowDown", "Timeout", "Expired", "RequestLimit")


class GiveUp(Exception):
    """There is nothing for this instance to do."""


def transient(error):
    """Whether a failed request may succeed when it is repeated."""
    if not isinstance(error, ClientError):
        return True
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= 500 or any(word in error.response["Error"]["Code"] for word in TRANSIENT)


def clients(region):
    """The AWS clients: few attempts and short time-outs, since the agent itself knows how long to persist."""
    def make(service, attempts=2):
        return boto3.client(service, region_name=region, config=Config(
            connect_timeout=3, read_timeout=10, retries={"mode": "standard", "max_attempts": attempts}))
    return {"dynamodb": make("dynamodb"), "s3": make("s3"), "sfn": make("stepfunctions"), "cloudwatch": make("cloudwatch", 1)}


class Agent:
    """`settings` are the SPOTPROOF_* variables of agent.env; `state` is the agent's own folder."""

    def __init__(self, settings, state, metadata, make_clients=clients):
        self.settings, self.state, self.metadata, self.make_clients = settings, state, metadata, make_clients
        os.makedirs(state, exist_ok=True)
        self.log = Log(os.path.join(state, "agent.log"))
        self.inbox, self.ended = queue.SimpleQueue(), threading.Event()
        self.stop = self.job = self.token = self.record = self.ledger = self.metrics = None
        self.threads = []
        self.item, self.deadline, self.announced, self.token_dead, self.runs = {}, math.inf, False, False, 0
        self.percent = self.publish_at = self.progress_at = self.retry_at = 0
        self.publish_seconds = PUBLISH_SECONDS
        self.alive()

    def alive(self):
        """The main thread says that it has not hung."""
        self.alive_at = time.monotonic()

    # Events come from the monitor's thread, the signal handler, the job's thread and the heart.

    def tell(self, event):
        """Takes an event, from any thread. An interruption reaches the job at once, even while the main thread uploads."""
        if event.kind in ("notice", "terminate"):
            self.deadline = min(self.deadline, event.value)
            self.stop = self.stop or event.kind
            if self.job:
                self.job.ask()
        self.inbox.put(event)

    def next_event(self, seconds):
        """Waits for an event, at most so long; it is logged and, except for its consequences in `supervise`, dealt with."""
        self.alive()
        try:
            event = self.inbox.get(timeout=max(seconds, 0))
        except queue.Empty:
            return None
        if event.kind == "superseded":
            raise Superseded(event.value)
        if event.kind != "exit":
            self.log(event.kind, "warning", at=timestamp(event.value))
        if self.stop and not self.announced and self.ledger and self.ledger.epoch:
            self.announced = True
            self.attempt(self.ledger.write, ownerState="saving", ownerDeadline=int(self.deadline))
        return event

    def attempt(self, call, *arguments, **named):
        """Makes a request whose failure is only logged; whether it succeeded is returned."""
        try:
            call(*arguments, **named)
            return True
        except (BotoCoreError, ClientError) as error:
            self.log("request-failed", "warning", error=str(error))
            return False

    def persist(self, call, *arguments, **named):
        """Makes a request, again and again while its errors may pass and there is time. Raises the last error."""
        until = time.time() + PERSIST_SECONDS
        while True:
            self.alive()
            try:
                return call(*arguments, **named)
            except (BotoCoreError, ClientError) as error:
                if not transient(error) or time.time() + 1 >= min(until, self.deadline):
                    raise
                self.log("request-failed", "warning", error=str(error), again=True)
                time.sleep(1)

    # The life of the instance, in order.

    def run(self):
        """From boot to power-off. Never raises."""
        done = os.path.join(self.state, "done")
        outcome = reason = None
        try:
            if os.path.exists(done):
                raise GiveUp("this instance has done its part already")
            self.identify()
            self.spawn(Monitor(self.metadata, self.tell, self.log).watch, self.ended)
            self.claim()
            if self.item.get("finished"):
                outcome, reason = "finished", "finished"
            elif self.ledger.epoch:
                outcome, reason = self.work()
            else:
                outcome, reason = "saved", self.stop
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
        self.ended.set()
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
            self.next_event(LOOK_SECONDS)
        self.instance, self.region, self.job_id, self.launch = found[0], found[1], found[2], int(found[3])
        self.region = os.environ.get("AWS_REGION", self.region)
        self.log.context.update(job=self.job_id, launch=self.launch, epoch=0, instance=self.instance)
        self.log("booted")
        made = self.make_clients(self.region)
        self.sfn, self.s3 = made["sfn"], made["s3"]
        self.ledger = Ledger(made["dynamodb"], self.settings["SPOTPROOF_TABLE"], self.job_id, self.instance, self.launch)
        self.metrics = Metrics(made["cloudwatch"], self.settings["SPOTPROOF_NAMESPACE"], self.job_id)

    def claim(self):
        """Waits for the task and takes the job over. Raises GiveUp when neither comes in time."""
        until = time.monotonic() + CLAIM_SECONDS
        while not self.stop:
            if time.monotonic() >= until:
                raise GiveUp("no job to take over: the ledger says %s" % {name: self.item.get(name) for name in (
                    "taskInstanceId", "taskLaunch", "ownerState", "ownerInstanceId")})
            if self.attempt(self.look):
                if self.token and self.item.get("finished") or self.ledger.epoch:
                    break
            self.next_event(LOOK_SECONDS)
        if self.ledger.epoch:
            self.percent = self.item.get("last", {}).get("percent", 0)
            self.log.context["epoch"] = self.ledger.epoch
            self.log("took-over", sequence=self.ledger.sequence)

    def look(self):
        """Reads the ledger, and acts on what it says about this instance."""
        item = self.item = self.ledger.read()
        if not self.ledger.assigned(item):
            return
        if not self.token:
            self.token = item["taskToken"]
            self.spawn(self.heart)
        if not item.get("finished"):
            self.ledger.take_over(item)

    def work(self):
        """Runs the job until it ends or is interrupted: (outcome, reason)."""
        self.report_seconds = min(max(self.item["durationSeconds"] / 360, LEAST_REPORT_SECONDS), MOST_REPORT_SECONDS)
        self.publish_seconds = max(PUBLISH_SECONDS, self.report_seconds)
        # So long may a finished save wait until it is committed.
        self.tick_seconds = min(max(self.item["checkpointSeconds"] / 200, LEAST_TICK_SECONDS), MOST_TICK_SECONDS)
        self.checkpoints = Checkpoints(self.s3, self.item["bucket"], self.job_id, self.state, self.alive)
        fruitless = 0
        while not self.stop:
            before = self.ledger.sequence
            folder = os.path.join(self.state, "run-%d-%d" % (self.ledger.epoch, self.runs))
            self.runs += 1
            try:
                environment = self.restore(folder)
                files = self.files()
                if self.stop:
                    break
                code = self.supervise(folder, files, environment)
            except (NotStarted, Refused) as error:
                return "failed", str(error)
            if code == 0:
                return "finished", "finished"
            # A signal ended it (a shell says 128 + its number), or it asks to be run again.
            if not (code == EX_TEMPFAIL or code < 0 or 128 < code <= 192):
                return "failed", "the job command exited with code %d" % code
            fruitless = 0 if self.ledger.sequence > before else fruitless + 1
            if fruitless == FRUITLESS_RUNS and not self.stop:
                return "failed", "the job command exited with code %d, %d times without a new checkpoint" % (code, fruitless)
            if not self.stop:
                self.next_event(LOOK_SECONDS)
        return "saved", self.stop

    def restore(self, folder):
        """Unpacks the newest good checkpoint into `folder`; the job's environment is returned."""
        item = self.persist(self.ledger.read)
        self.record = None
        for name in ("last", "previous"):
            record = item.get(name)
            if not record:
                continue
            try:
                self.persist(self.checkpoints.restore, record, folder + "-" + name)
            except Refused as error:
                self.log("checkpoint-refused", "error", which=name, key=record["key"], error=str(error))
                continue
            self.good, self.record, self.percent = name == "last", record, record["percent"]
            self.log("restored", which=name, key=record["key"], sequence=record["sequence"], percent=record["percent"])
            break
        else:
            lost = "last" in item
            self.good, self.percent = False, 0
            self.log("fresh-start", "error" if lost else "info", lost=lost)
        environment = {"SPOTPROOF_" + name: format(value, ".15g") for name, value in (
            ("CHECKPOINT_SECONDS", item["checkpointSeconds"]), ("DURATION_SECONDS", item["durationSeconds"]),
            ("SAVE_SECONDS", item.get("saveSeconds", 0)), ("REPORT_SECONDS", self.report_seconds))}
        environment.update(SPOTPROOF_JOB_ID=self.job_id, AWS_REGION=self.region, AWS_DEFAULT_REGION=self.region)
        if self.record:
            environment["SPOTPROOF_RESTORE_DIR"] = folder + "-" + name
        return environment

    def files(self):
        """The folder of the job's files: the default workload's, or what the artifact (s3://BUCKET/KEY) holds."""
        artifact = self.settings.get("SPOTPROOF_JOB_ARTIFACT")
        if not artifact:
            return os.path.join(HERE, "workload")
        folder = os.path.join(self.state, "artifact")
        if not os.path.exists(folder):
            bucket, key = artifact.split("://", 1)[1].split("/", 1)
            path = self.persist(self.checkpoints.fetch, bucket, key)
            unpack(path, folder + ".new", self.alive)
            os.rename(folder + ".new", folder)
            os.remove(path)
        return folder

    def supervise(self, folder, files, environment):
        """Runs the job command until it has exited and its last save is committed; the exit code is returned."""
        self.save = self.seen = self.kept = self.refusal = None
        job = self.job = Job(self.settings["SPOTPROOF_JOB_COMMAND"], files, folder, environment)
        job.on_exit(lambda code: self.inbox.put(Event("exit", code)))
        if self.stop:
            job.ask()
        self.log("job-started", percent=self.percent, restored=bool(self.record))
        self.attempt(self.ledger.write, ownerState="saving" if self.stop else "working")
        sample_at, code = time.monotonic(), None
        while code is None:
            now = time.monotonic()
            self.look_at_job(now)
            if now >= sample_at - 0.001:
                sample_at = now + self.report_seconds
                self.sample()
            if now >= self.publish_at:
                self.publish_at = now + self.publish_seconds
                self.publish()
            if self.stop and not job.killed and time.time() > self.deadline - RESERVE_SECONDS:
                self.log("job-killed", "error", error="it has not ended %d s before the deadline" % RESERVE_SECONDS)
                job.kill()
            event = self.next_event(min(self.tick_seconds, sample_at - time.monotonic()))
            if event and event.kind == "exit":
                code = event.value
        self.log("job-exited", code=code)
        self.look_at_job(math.inf, self.persist)
        self.sample()
        if code == 0 and self.refusal:
            raise Refused("the job command exited with code 0, but its last save cannot be used: %s" % self.refusal)
        return code

    def look_at_job(self, now, call=None):
        """Takes in the job's output and status, and commits a save that is new."""
        for line in self.job.output(last=call is not None):
            self.log("job-output", line=line)
        try:
            status = self.job.status()
            if status:
                self.percent, save = max(self.percent, status[0]), status[1]
                if save and save != self.seen:
                    self.save = self.seen = save
                    self.refusal, self.retry_at = None, 0
        except (OSError, ValueError) as error:
            self.log("status-refused", "warning", error=str(error))
        if not self.save or now < self.retry_at:
            return
        save, self.save = self.save, None
        try:
            self.commit(save, call or (lambda function: function()))
        except (OSError, Refused) as error:
            self.refusal = str(error)
            self.log("save-refused", "error", error=self.refusal)
        except (BotoCoreError, ClientError) as error:
            if call:
                raise
            self.save, self.retry_at = save, now + RETRY_SECONDS
            self.log("save-not-stored", "error", error=str(error))

    def commit(self, save, call):
        """Stores a save and makes it the job's last checkpoint. Raises as `call`, Superseded, OSError, Refused."""
        folder, percent = save
        began = time.monotonic()
        name = "%d-%d" % (self.ledger.epoch, self.ledger.sequence + 1)
        stored = dict(self.checkpoints.store(folder, name, call), percent=percent)
        self.record = call(lambda: self.ledger.commit(
            stored, bool(self.good), progressPercent=self.percent, progressAt=int(time.time())))
        self.good = True
        self.log("committed", seconds=round(time.monotonic() - began, 3), **self.record)
        self.job.discard(self.kept)
        self.kept = save

    def sample(self):
        checkpointed = self.record["percent"] if self.record else 0
        self.metrics.sample(time.time(), checkpointed, max(0, self.percent - checkpointed))

    def publish(self):
        """Sends the progress to the ledger and then, as its owner is known to be this one, the samples. Raises Superseded."""
        if self.attempt(self.progress):
            self.attempt(self.metrics.publish)

    def progress(self):
        self.progress_at = time.monotonic()
        self.ledger.write(progressPercent=self.percent, progressAt=int(time.time()))

    def beat(self):
        """A heartbeat. A task that waits no more may have been handed over anew, under another token."""
        if not self.token_dead and self.report(self.sfn.send_task_heartbeat):
            item = self.ledger.read()
            self.token_dead = not self.ledger.assigned(item) or item["taskToken"] == self.token
            self.token = item.get("taskToken", self.token)

    def heart(self):
        """Tells Step Functions that the task is alive, and the ledger when `publish` does not, while the main thread is."""
        period = float(self.settings["SPOTPROOF_HEARTBEAT_SECONDS"]) / 3
        while True:
            try:
                if time.monotonic() - self.alive_at < ALIVE_SECONDS:
                    self.attempt(self.beat)
                    if self.ledger.epoch and time.monotonic() - self.progress_at > max(period, 1.5 * self.publish_seconds):
                        self.attempt(self.progress)
            except Superseded as error:
                self.tell(Event("superseded", str(error)))
                return
            if self.ended.wait(period):
                return

    def report(self, call, **arguments):
        """Answers to the waiting task. True: it waits no more, which by itself means nothing: the ledger says who owns the job."""
        try:
            call(taskToken=self.token, **arguments)
        except ClientError as error:
            if transient(error):
                raise
            self.log("task-not-told", "warning", error=str(error))
            return True
        return False

    def leave(self, outcome, reason):
        """The end: releases the job, publishes the last metrics, uploads the final log, answers the waiting task."""
        if self.job:
            self.job.end(STOP_SECONDS)
        if not self.ledger:
            return
        epoch = self.ledger.epoch
        percent = 100 if outcome == "finished" else (self.record or self.item.get("last") or {}).get("percent", 0)
        if outcome and epoch:
            changes = {"ownerState": "released", "ownerReason": "job-failed" if outcome == "failed" else reason}
            if outcome == "finished":
                changes.update(finished=True, progressPercent=100, progressAt=int(time.time()))
                self.metrics.sample(time.time(), 100, 0)
            try:
                self.persist(self.ledger.write, **changes)
                self.log("released", outcome=outcome, reason=reason, percent=percent)
            except Superseded as error:
                self.log("superseded", "error", error=str(error))
                outcome = None
            except (BotoCoreError, ClientError) as error:
                self.log("not-released", "error", error=str(error))
                outcome = None
        self.ledger.epoch = 0  # the heart has nothing to write any more
        if outcome:  # the samples of a superseded life would contradict its successor's
            self.attempt(self.metrics.publish)
        if "bucket" in self.item:
            self.attempt(self.upload_log)
        if outcome == "failed":
            cause = "%s. The end of its output:\n%s" % (reason, self.job.tail(CAUSE_BYTES) if self.job else "")
            self.persist(self.report, self.sfn.send_task_failure, error="JobFailed", cause=cause)
        elif outcome and self.token:
            answer = {"outcome": outcome, "percent": percent, "epoch": epoch, "reason": reason}
            self.persist(self.report, self.sfn.send_task_success, output=json.dumps(answer))

    def upload_log(self):
        key = "logs/%s/%d-%s.log" % (self.job_id, self.launch, self.instance)
        with open(self.log.path, "rb") as file:
            self.s3.put_object(Bucket=self.item["bucket"], Key=key, Body=file, ContentType="application/x-ndjson")


def main():
    metadata = Metadata(os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254"))
    agent = Agent(os.environ, os.environ["STATE_DIRECTORY"], metadata)
    signal.signal(signal.SIGTERM, lambda *_: agent.tell(Event("terminate", time.time() + GRACE_SECONDS)))
    agent.run()


if __name__ == "__main__":
    main()
