"""The owner's work: restores the job, runs its command, commits its saves, until it ends or its time on this instance does."""
import math
import os
import shutil
import time

from calls import FAILED
from checkpoints import Refused
from conduct import ending
from disk import Disk
from job import Job, NotStarted
from memory import oom_kills
from monitor import Event
from output import MOST_LOGGED_BYTES
from progress import PUBLISH_SECONDS
from savetime import FITS_SECONDS

RESERVE_SECONDS = 10  # of the time left, for what comes after the job's own save
LEAST_TICK_SECONDS, MOST_TICK_SECONDS = 3, 15  # bounds of the time between looks at the status file, a 200th of the checkpoint interval
LEAST_REPORT_SECONDS, MOST_REPORT_SECONDS = 1, 60  # bounds of the job's reporting period, a 360th of its duration
AGAIN_SECONDS = 1  # before a job that has ended too early is run again
RETRY_SECONDS = 5  # before a save that could not be stored is tried again
SAVE_SECONDS = 60  # a job that is asked to save may take so long, and three times what it took before, when no deadline is set
MOST_TOLD = 10  # status files of one run that were refused
FLOOD_SECONDS = 1  # between looks at a job that floods its output


class Supervisor:
    """`item` is the ledger's as it was taken over, `constant` the part of the job's environment that does not depend on it,
    `on_rebalance` says what a rebalance recommendation brings about: save, migrate or ignore; `conduct` judges the job."""

    def __init__(self, item, command, constant, on_rebalance, conduct, state, owner, checkpoints, prepare, log):
        self.command, self.constant, self.state, self.owner = command, constant, state, owner
        self.ledger, self.progress, self.saves, self.inbox, self.calls = owner.ledger, owner.progress, owner.saves, owner.inbox, owner.calls
        self.checkpoints, self.prepare, self.log = checkpoints, prepare, log
        self.conduct, self.disk, self.allowance = conduct, Disk(state, log), [MOST_LOGGED_BYTES]
        self.told_too_long = False
        self.on_rebalance, self.rebalanced = on_rebalance, item.get("rebalancedLaunch") == self.ledger.launch
        if self.rebalanced and on_rebalance == "migrate":  # an earlier life has begun to
            self.inbox.tell(Event("migrate", math.inf))
        self.job, self.runs, self.publish_at, self.out_of_memory = None, 0, 0, None
        self.report_seconds = min(max(item["durationSeconds"] / 360, LEAST_REPORT_SECONDS), MOST_REPORT_SECONDS)
        self.progress.publish_seconds = max(PUBLISH_SECONDS, self.report_seconds)
        # So long may a finished save wait until it is committed.
        self.tick_seconds = min(max(item["checkpointSeconds"] / 200, LEAST_TICK_SECONDS), MOST_TICK_SECONDS)

    def work(self):
        """Runs the job until it ends or is interrupted: (outcome, reason)."""
        while not self.inbox.stop:
            folder = self.new_folder()
            try:
                environment = self.restore(folder)
                files = self.prepare.files()
                if self.inbox.stop:
                    break
                code = self.supervise(folder, files, environment)
            except (NotStarted, Refused) as error:
                return "failed", str(error)
            if code == 0:
                return "finished", "finished"
            asked, record = self.job.asked_at is not None, self.progress.record
            failure = self.conduct.failure(code, ending(code, asked, self.job.killed, self.out_of_memory), record["percent"] if record else 0, asked)
            if failure:
                refused = "; its last save cannot be used: %s" % self.refusal if self.refusal else ""
                return "failed", failure + refused + self.disk.trouble()
            if not asked:
                self.inbox.next(AGAIN_SECONDS)
        return "saved", self.inbox.stop

    def new_folder(self):
        """The name of the next run's folder. Those of earlier runs make room: what counts of them is stored."""
        for name in os.listdir(self.state):
            if name.startswith("run-"):
                shutil.rmtree(os.path.join(self.state, name), ignore_errors=True)
        self.runs += 1
        return os.path.join(self.state, "run-%d-%d" % (self.ledger.epoch, self.runs - 1))

    def restore(self, folder):
        """Brings the newest good checkpoint; the job's environment is returned."""
        item = self.calls.persist(self.ledger.read)
        self.ledger.begin_run(item)
        self.progress.record, place, self.good = self.prepare.restore(item, folder)
        self.progress.percent = self.progress.record["percent"] if place else 0
        environment = {"SPOTPROOF_" + name: format(value, ".15g") for name, value in (
            ("CHECKPOINT_SECONDS", item["checkpointSeconds"]), ("DURATION_SECONDS", item["durationSeconds"]),
            ("SAVE_SECONDS", item.get("saveSeconds", 0)), ("SAVE_MEGABYTES", item.get("saveMegabytes", 0)), ("REPORT_SECONDS", self.report_seconds))}
        environment.update(self.constant)
        if place:
            environment["SPOTPROOF_RESTORE_DIR"] = place
        return environment

    def supervise(self, folder, files, environment):
        """Runs the job command until it has exited and its last save is committed; the exit code is returned."""
        self.save = self.seen = self.kept = self.refusal = self.unread = None
        kills = oom_kills()
        inbox, progress, self.retry_at, self.refusals = self.inbox, self.progress, 0, 0
        job = self.job = inbox.job = Job(self.command, files, folder, environment, self.allowance)
        self.conduct.begin(progress.percent, time.monotonic())
        job.on_exit(lambda code: inbox.tell(Event("exit", code)))
        if inbox.stop:
            inbox.end_job()
        self.log("job-started", percent=progress.percent, restored=bool(progress.record))
        self.owner.working()
        sample_at, code = time.monotonic(), None
        while code is None:
            now = time.monotonic()
            self.look_at_job(now)
            if now >= sample_at - 0.001:
                sample_at = now + self.report_seconds
                progress.sample()
            if now >= self.publish_at:
                self.publish_at = now + progress.publish_seconds
                progress.publish()
            self.rebalance()
            if self.conduct.look(now):
                job.ask()
            if (inbox.stop or self.conduct.stuck) and not job.killed:
                self.kill_if_late(now)
            event = inbox.next(min(FLOOD_SECONDS if self.flood else self.tick_seconds, sample_at - time.monotonic()))
            if event and event.kind == "exit":
                code = event.value
        self.log("job-exited", code=code)
        killed = oom_kills()
        self.out_of_memory = None if kills is None or killed is None else killed - kills
        if self.out_of_memory:
            self.log("out-of-memory", "error", processes=self.out_of_memory, error="the kernel has ended processes of the job, for want of memory")
        if job.asked_at is not None and not job.killed:
            self.saves.note_job(job.ended_at - job.asked_at)
        if job.left_behind:
            self.log("left-behind-killed", "warning", error="the job's first process had gone, and others of its group had not")
        self.look_at_job(math.inf, self.calls.persist)
        progress.sample()
        if code == 0 and self.refusal:
            raise Refused("the job command exited with code 0, but its last save cannot be used: %s" % self.refusal)
        if code == 0 and self.unread:
            raise Refused("the job command exited with code 0, but its status file cannot be used: %s" % self.unread)
        return code

    def kill_if_late(self, now):
        """Ends a job that does not end itself, while there is time to store what it has saved."""
        if self.inbox.deadline == math.inf:
            if now > self.job.asked_at + SAVE_SECONDS + 3 * self.saves.seconds():
                self.log("job-killed", "error", error="it has not ended %.0f s after it was asked to" % (now - self.job.asked_at))
                self.job.kill()
        elif time.time() > self.inbox.deadline - RESERVE_SECONDS:
            self.log("job-killed", "error", error="it has not ended %d s before the deadline" % RESERVE_SECONDS)
            self.job.kill()

    def rebalance(self):
        """Acts on a recommendation, once in this launch: that it has is in the ledger before it does."""
        if not self.inbox.recommended or self.rebalanced or self.inbox.why or self.on_rebalance == "ignore":
            return
        if not self.calls.attempt(self.ledger.write, rebalancedLaunch=self.ledger.launch):
            return
        self.rebalanced = True
        self.log("rebalancing", policy=self.on_rebalance)
        if self.on_rebalance == "migrate":
            self.inbox.tell(Event("migrate", math.inf))
        else:
            self.job.ask()

    def look_at_output(self, last):
        """Takes the job's output into the log."""
        output = self.job.output
        lines, self.flood = (output.rest(), False) if last else output.look()
        for line in lines:
            self.log("job-output", line=line)
        if last and output.cut_bytes:
            self.log("output-cut", "warning", bytes=output.cut_bytes, error="of so much output only a part was kept")

    def look_at_job(self, now, call=None):
        """Takes in the job's output and status, and commits a save that is new."""
        self.disk.look()
        self.look_at_output(last=call is not None)
        try:
            status = self.job.status()
            if status:
                self.unread = None
                self.conduct.reported(status[0], time.monotonic())
                self.progress.percent, save = max(self.progress.percent, status[0]), status[1]
                if save and save != self.seen:
                    self.save = self.seen = save
                    if save[2] is not None:
                        self.saves.note_job(save[2])
                    self.refusal, self.retry_at = None, 0
        except (OSError, ValueError) as error:
            self.unread = str(error)
            self.refusals += 1
            if self.refusals <= MOST_TOLD:
                self.log("status-refused", "warning", error=str(error))
        if not self.save or now < self.retry_at:
            return
        save, self.save = self.save, None
        try:
            self.commit(save, call or self.calls.briefly)
        except FAILED as error:  # botocore's time-outs are OSErrors, too
            if call:
                raise
            self.save, self.retry_at = save, time.monotonic() + RETRY_SECONDS
            self.log("save-not-stored", "error", error=str(error), again=True)
        except (OSError, Refused) as error:
            why = getattr(error, "strerror", None) or str(error)
            self.refusal = "%s: %s" % (os.path.basename(save[0]), why)
            self.log("save-refused", "error", error=self.refusal)

    def tell_save_time(self, size_bytes):
        """How long a save takes, as a metric; and, once, that it is too long for a notice."""
        measured = self.saves.measured()
        if measured is None:
            return
        self.progress.metrics.note("saveSeconds", time.time(), measured)
        if not self.told_too_long and measured > FITS_SECONDS:
            self.told_too_long = True
            self.log("save-too-long", "warning", **self.saves.advice(size_bytes))

    def commit(self, save, call):
        """Stores a save and makes it the job's last checkpoint. Raises as `call`, Superseded, OSError, Refused."""
        folder, percent, _ = save
        committed = self.progress.record["percent"] if self.progress.record else 0
        if percent < committed:
            raise Refused("it is at %g %%, and the last checkpoint at %g %%: the job has gone back, or not read what it was given" % (percent, committed))
        began = time.monotonic()
        stored = dict(self.checkpoints.store(folder, self.ledger.epoch, self.ledger.sequence + 1, call), percent=percent)
        if self.saves.measured() is not None:
            stored["saveSeconds"] = self.saves.measured()
        self.progress.record = call(lambda: self.ledger.commit(
            stored, bool(self.good), progressPercent=self.progress.percent, progressAt=int(time.time())))
        self.good = True
        seconds = time.monotonic() - began
        self.saves.note_store(seconds)
        self.tell_save_time(stored["sizeBytes"])
        self.log("committed", seconds=round(seconds, 3), **self.progress.record)
        self.job.discard(self.kept)
        self.kept = save
        if not self.inbox.stop:  # else the successor does it
            self.calls.attempt(self.prune)

    def prune(self):
        """Removes the checkpoints that this commit has made superfluous. Raises what a request raises."""
        removed = self.checkpoints.prune(self.ledger.latest, self.ledger.epoch, self.ledger.sequence)
        if removed:
            self.log("pruned", keys=removed)
