"""The default job: pretends to work for a given time, in a way that can be checked.

A unit is one second of work (here: of sleeping). Unit i extends a chain, d(0) = sha256(jobId), d(i) = sha256(d(i-1) + ":" + i),
so the final digest proves that each unit ran exactly once and in order, whatever interrupted the job. It keeps to the job
contract: it saves after every SPOTPROOF_CHECKPOINT_SECONDS of work and at the end, and on SIGTERM saves and exits 75.
"""
import hashlib
import json
import math
import os
import signal
import sys
import time

EX_TEMPFAIL = 75
MARKS = 16  # in what a save has beside its state


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


class Interrupted(Exception):
    """SIGTERM came during a pause."""


class Workload:
    """`environment` is the job contract's."""

    def __init__(self, environment):
        def number(name):
            return float(environment["SPOTPROOF_" + name])

        self.saves, self.status_file = environment["SPOTPROOF_SAVES_DIR"], environment["SPOTPROOF_STATUS_FILE"]
        self.checkpoint_seconds, self.save_seconds = number("CHECKPOINT_SECONDS"), number("SAVE_SECONDS")
        self.report_seconds = number("REPORT_SECONDS")
        self.save_bytes = int(float(environment.get("SPOTPROOF_SAVE_MEGABYTES", 0)) * 1e6)
        job, total = environment["SPOTPROOF_JOB_ID"], math.ceil(number("DURATION_SECONDS"))
        self.state = {"jobId": job, "unitsDone": 0, "unitsTotal": total, "digest": sha256(job), "runs": []}
        restored = environment.get("SPOTPROOF_RESTORE_DIR")
        if restored:
            with open(os.path.join(restored, "state.json")) as file:
                self.state = json.load(file)
            if (self.state["jobId"], self.state["unitsTotal"]) != (job, total):
                sys.exit("the save in %s is of another job: %s" % (restored, json.dumps(self.state)))
            if os.path.exists(os.path.join(restored, "state.rest")):
                self.check_marks(os.path.join(restored, "state.rest"))
        self.run = {"fromUnit": self.state["unitsDone"], "toUnit": self.state["unitsDone"]}
        self.state["runs"].append(self.run)
        self.saved_units, self.save = self.state["unitsDone"], None
        self.stopping = self.pausing = False

    def terminate(self, *_):
        """SIGTERM: ends a pause, and lets a save in progress go on."""
        self.stopping = True
        if self.pausing:
            raise Interrupted

    def pause(self, seconds):
        try:
            try:
                self.pausing = True
                if not self.stopping:
                    time.sleep(seconds)
            finally:
                self.pausing = False
        except Interrupted:
            pass

    def work(self):
        """Works until all units are done or SIGTERM; the exit code is returned."""
        total = self.state["unitsTotal"]
        began, first = time.monotonic(), self.state["unitsDone"]  # when the unit after `first` began
        self.report()
        report_at = began + self.report_seconds
        while True:
            until = self.next_save()
            now = time.monotonic()
            self.extend(min(until, first + int(now - began + 1e-6)))
            done = self.state["unitsDone"]
            if done == until or self.stopping:
                if done > self.saved_units:
                    self.store()
                if done == total:
                    return 0
                if self.stopping:
                    return EX_TEMPFAIL
                began, first = time.monotonic(), done
                report_at = began + self.report_seconds
                continue
            if now >= report_at - 1e-3:
                self.report()
                report_at = now + self.report_seconds
            self.pause(max(1e-3, min(report_at, began + until - first) - now))

    def next_save(self):
        """How many units are done at the next save: a multiple of the interval, or all."""
        done, total = self.state["unitsDone"], self.state["unitsTotal"]
        interval = max(1, round(self.checkpoint_seconds))
        return min(total, (done // interval + 1) * interval)

    def extend(self, units):
        """Does the units that are due."""
        state = self.state
        for unit in range(state["unitsDone"] + 1, units + 1):
            state["digest"] = sha256("%s:%d" % (state["digest"], unit))
            state["unitsDone"] = unit

    def percent(self):
        return round(100 * self.state["unitsDone"] / self.state["unitsTotal"], 4)

    def store(self):
        """Writes a save, which takes its time, and reports it."""
        self.run["toUnit"] = self.state["unitsDone"]
        name = "save-%d" % self.state["unitsDone"]
        folder, began = os.path.join(self.saves, name), time.monotonic()
        os.mkdir(folder)
        time.sleep(self.save_seconds)
        with open(os.path.join(folder, "state.json"), "w") as file:
            json.dump(self.state, file)
        if self.save_bytes:
            with open(os.path.join(folder, "state.rest"), "wb") as file:
                for at, mark in self.marks(self.save_bytes):
                    file.seek(at)
                    file.write(mark)
                file.truncate(self.save_bytes)
        seconds = round(time.monotonic() - began, 3)
        self.saved_units, self.save = self.state["unitsDone"], {"dir": name, "percent": self.percent(), "seconds": seconds}
        self.report()

    def marks(self, size_bytes):
        """What stands in the file `state.rest` of so many bytes, and where: a few marks that tell state and place. Between them are holes, for
        which a file system takes no room."""
        for at in range(0, size_bytes, max(len(self.state["digest"]), -(-size_bytes // MARKS))):
            yield at, sha256("%s:%d" % (self.state["digest"], at)).encode()[:size_bytes - at]

    def check_marks(self, path):
        """Ends the job where the file is not the one that was saved with the state."""
        with open(path, "rb") as file:
            for at, mark in self.marks(max(1, os.fstat(file.fileno()).st_size)):
                file.seek(at)
                if file.read(len(mark)) != mark:
                    sys.exit("%s is not what was saved: byte %d or one of the next %d is another" % (path, at, len(mark) - 1))

    def report(self):
        """Replaces the status file at once."""
        status = {"percent": self.percent()}
        if self.save:
            status["save"] = self.save
        with open(self.status_file + ".new", "w") as file:
            json.dump(status, file)
        os.replace(self.status_file + ".new", self.status_file)


def main():
    workload = Workload(os.environ)
    signal.signal(signal.SIGTERM, workload.terminate)
    state = workload.state
    print("from unit %d of %d" % (state["unitsDone"], state["unitsTotal"]), flush=True)
    code = workload.work()
    print("exit %d at unit %d, digest %s" % (code, state["unitsDone"], state["digest"]), flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
