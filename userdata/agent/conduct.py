"""What is made of a job's conduct: of its exit codes, of progress that does not come, of steps back. It decides and explains;
the supervisor acts."""
import signal

EX_TEMPFAIL = 75  # "I have saved: run me again"
WARN_SECONDS = 3600  # without progress, unless configured
OUT_OF_MEMORY = "out of memory: instances with more of it stand in the knob instanceTypes"
FRUITLESS_RUNS = 3  # in a row, none with a checkpoint further on: a crash loop


def by_signal(code):
    """The signal that ended a process, as its exit code says it (a shell says 128 + its number); None: it exited by itself."""
    number = -code if code < 0 else code - 128
    return number if 0 < number <= 64 else None


def named(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return "signal %d" % number


def ending(code, asked, killed, oom_kills=None):
    """How a run ended, in words. `asked`: it had been sent SIGTERM; `killed`: the agent killed it; `oom_kills`: so many of its
    processes the kernel has ended, out of memory, None when it does not tell."""
    number = by_signal(code)
    if number is None:
        text = "the job command exited with code %d" % code
        if oom_kills:
            return text + ", after the kernel had ended processes of it, " + OUT_OF_MEMORY
        return text + (" after SIGTERM, upon which it should save and exit %d" % EX_TEMPFAIL if asked and code not in (0, EX_TEMPFAIL) else "")
    text = "the job command was ended by %s" % named(number)
    if killed:
        return text + " of the agent's"
    if number != signal.SIGKILL or oom_kills == 0:
        return text
    return text + (" of the kernel's, " + OUT_OF_MEMORY if oom_kills else ", perhaps of the kernel's, out of memory")


class Conduct:
    """`retryable` are exit codes after which the job is run again; a job without progress for `warn_seconds` is told of, and
    one without for `end_seconds` ended (None: never)."""

    def __init__(self, log, retryable=(), warn_seconds=WARN_SECONDS, end_seconds=None):
        self.log, self.retryable, self.warn_seconds, self.end_seconds = log, frozenset(retryable), warn_seconds, end_seconds
        self.fruitless = 0

    def begin(self, percent, now):
        """A run begins, at the progress of its checkpoint."""
        self.began_at = self.percent = percent
        self.since, self.warned_at, self.stuck, self.back = now, now, False, False

    def reported(self, percent, now):
        """The job says how far it is."""
        if percent > self.percent:
            self.percent, self.since, self.warned_at = percent, now, now
        elif percent < self.percent and not self.back:
            self.back = True
            self.log("progress-went-back", "warning", fromPercent=self.percent, toPercent=percent)

    def look(self, now):
        """Whether the job is to be ended, for it makes no progress. How long it has made none is told once in `warn_seconds`."""
        if now - self.warned_at >= self.warn_seconds:
            self.warned_at = now
            self.log("no-progress", "warning", percent=self.percent, seconds=round(now - self.since),
                     **({"hint": "it has reported 100 % and does not exit"} if self.percent >= 100 else {}))
        if self.end_seconds is None or self.stuck or now - self.since < self.end_seconds:
            return False
        self.stuck = True
        self.log("job-stuck", "error", percent=self.percent, seconds=round(now - self.since))
        return True

    def failure(self, code, ending, committed, asked=False):
        """Why the job has failed by a run that ended so, and not with 0; None: it is to be run again. `committed` is what the
        last checkpoint is at, in percent; `asked`: it had been sent SIGTERM."""
        if not (code == EX_TEMPFAIL or code in self.retryable or by_signal(code)):
            return ending
        if asked and not self.stuck:
            return None
        self.fruitless = 0 if committed > self.began_at else self.fruitless + 1
        if self.fruitless < FRUITLESS_RUNS:
            return None
        self.log("crash-loop", "error", runs=self.fruitless, error=ending)
        why = "it made no progress for %d s and was ended" % self.end_seconds if self.stuck else ending
        return "a crash loop: %d runs in a row brought no checkpoint further on; of the last, %s" % (self.fruitless, why)


def conduct_of(settings, log):
    """As agent.env has it; what is not there or empty is the default."""
    codes = [int(code) for code in settings.get("SPOTPROOF_RETRYABLE_EXIT_CODES", "").split(",") if code]
    end = settings.get("SPOTPROOF_END_WITHOUT_PROGRESS_SECONDS")
    return Conduct(log, codes, float(settings.get("SPOTPROOF_NO_PROGRESS_SECONDS") or WARN_SECONDS), float(end) if end else None)
