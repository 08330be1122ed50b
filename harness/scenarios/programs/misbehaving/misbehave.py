"""The default workload, with one fault of its own: the one that its job's id names. Material for scenarios; nothing deploys it."""
import os
import signal
import subprocess
import sys
import time

import workload
from workload import EX_TEMPFAIL, Workload, main

PIECE_BYTES = 16 << 20  # of a disk that is spent piece by piece
LEAK_BYTES = 64 << 20  # of a memory: what processes hold differs by some megabytes from run to run


class Misbehaving(Workload):
    """Comes to the point once half of its units are done; in the first run alone, where that would otherwise never end."""

    def __init__(self, environment):
        super().__init__(environment)
        self.fresh = "SPOTPROOF_RESTORE_DIR" not in environment
        self.reached = False

    def report(self):
        super().report()
        if not self.reached and 2 * self.state["unitsDone"] >= self.state["unitsTotal"]:
            self.reached = True
            self.at_half()

    def at_half(self):
        """What is wrong with this one."""


class ExitsWithFailure(Misbehaving):
    def at_half(self):
        print("the input lacks the column 'price'", flush=True)
        os._exit(3)


class ExitsRetryably(Misbehaving):
    def at_half(self):
        if self.fresh:
            print("the licence server is busy", flush=True)
            os._exit(17)


class CrashesEachTime(Misbehaving):
    """At the same unit, having saved what is before it."""

    def at_half(self):
        print("segmentation fault to come", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)


def fill(path, tell=lambda size: None):
    """Until there is no room; as fast as a slow disk takes it."""
    with open(path, "wb", buffering=0) as scratch:
        while True:
            scratch.write(bytes(PIECE_BYTES))
            tell(scratch.tell())
            time.sleep(0.5)


class FillsItsDisk(Misbehaving):
    """And dies of it. It has much to say meanwhile, which the agent's log has to find room for."""

    def at_half(self):
        fill("scratch.bin", lambda size: print("\n".join(["%10d bytes so far" % size] * 10), flush=True))


class LeavesItsDiskFull(Misbehaving):
    """Fills it beside its saves, and asks to be run again. A save has 4 MB."""

    def report(self):
        if self.save:
            path = os.path.join(self.saves, self.save["dir"], "table.bin")
            if not os.path.exists(path):
                with open(path, "wb") as file:
                    file.write(b"\1" * (4 << 20))
        super().report()

    def at_half(self):
        if self.fresh:
            try:
                fill(os.path.join(self.saves, "scratch.bin"))
            except OSError as error:
                print("scratch.bin:", error, flush=True)
                os._exit(17)


class SavesByLinks(Misbehaving):
    """What its saves hold is on the disk once, for all of them; restored it is there once more. It leaves no room for that."""

    def __init__(self, environment):
        super().__init__(environment)
        with open("table.bin", "wb") as file:
            file.write(b"\1" * PIECE_BYTES)

    def report(self):
        link = os.path.join(self.saves, self.save["dir"], "table.bin") if self.save else "table.bin"
        if not os.path.exists(link):
            os.link("table.bin", link)
        super().report()

    def at_half(self):
        if self.fresh:
            try:
                fill("scratch.bin")
            except OSError as error:
                print("scratch.bin:", error, flush=True)
                os._exit(17)


class EatsItsMemory(Misbehaving):
    """A leak, in the first run alone."""

    def at_half(self):
        held = []
        while self.fresh:
            held.append(bytearray(LEAK_BYTES))
            time.sleep(0.5)


class LeaksEachTime(EatsItsMemory):
    def __init__(self, environment):
        super().__init__(environment)
        self.fresh = True


class StartsTooMuch(Misbehaving):
    """One process after another, each of them small: smaller than the agent."""

    def at_half(self):
        if self.fresh:
            self.held = bytearray(PIECE_BYTES)
        while self.fresh:
            subprocess.Popen([sys.executable, "idle.py"])
            time.sleep(0.5)


class IgnoresSigterm(Misbehaving):
    def terminate(self, *_):
        print("SIGTERM? not now", flush=True)


class FloodsItsLog(Misbehaving):
    def at_half(self):
        line = "x" * 1023 + "\n"
        for _ in range(12):
            sys.stdout.write(line * 1024)
            sys.stdout.flush()
            time.sleep(1)
        print("after the flood", flush=True)


class MakesNoProgress(Misbehaving):
    """For two minutes; then it goes on."""

    def at_half(self):
        time.sleep(120)


class IsStuck(Misbehaving):
    """For an hour, unless it is run anew."""

    def at_half(self):
        if self.fresh:
            time.sleep(3600)


class GoesBack(Misbehaving):
    """Leaves out what it was given: the first run ends at half, the second begins at nothing, and saves at each interval."""

    def __init__(self, environment):
        super().__init__({name: value for name, value in environment.items() if name != "SPOTPROOF_RESTORE_DIR"})
        self.fresh = "SPOTPROOF_RESTORE_DIR" not in environment

    def at_half(self):
        if self.fresh:  # its save at half has just been reported
            os._exit(EX_TEMPFAIL)


class NeverExits(Misbehaving):
    """For two minutes after 100 %."""

    def store(self):
        super().store()
        if self.state["unitsDone"] == self.state["unitsTotal"]:
            time.sleep(120)


class TearsItsStatus(Misbehaving):
    """Writes its status file in place, and has not written all of it for half a minute."""

    def at_half(self):
        with open(self.status_file, "w") as file:
            file.write('{"percent": 5')
        time.sleep(30)


class SaveMissing(Misbehaving):
    def store(self):
        super().store()
        if self.state["unitsDone"] == self.state["unitsTotal"]:
            self.save = {"dir": "save-that-is-not-there", "percent": 100}
            self.report()


class SaveOutside(Misbehaving):
    def store(self):
        super().store()
        if self.state["unitsDone"] == self.state["unitsTotal"]:
            self.save = {"dir": "../../agent.log", "percent": 100}
            self.report()


def wanted():
    """The class whose name the job's id has in it: job-floods-its-log is FloodsItsLog."""
    job = os.environ["SPOTPROOF_JOB_ID"].replace("-", "")
    return next((one for one in [*Misbehaving.__subclasses__(), LeaksEachTime] if one.__name__.lower() in job), Misbehaving)


if __name__ == "__main__":
    workload.Workload = wanted()
    sys.exit(main())
