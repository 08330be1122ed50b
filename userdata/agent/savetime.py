"""How long a save takes, from SIGTERM until it is committed, as far as it has been measured."""
from collections import deque

from handoff import MARGIN_SECONDS, UNMEASURED_SECONDS
from monitor import POLL_SECONDS

NOTICE_SECONDS = 120  # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
FITS_SECONDS = NOTICE_SECONDS - POLL_SECONDS - MARGIN_SECONDS  # what a save may take, to be done in time whenever the notice is seen
SHARE = 10  # an interval of so many times what a save takes leaves nine tenths of the time for work
KEPT = 3  # measurements; the longest of them counts


class SaveTime:
    """`known` is what an earlier attempt has measured."""

    def __init__(self, known=None):
        self.jobs, self.stores, self.known = deque(maxlen=KEPT), deque(maxlen=KEPT), known

    def note_job(self, seconds):
        """The job's own part: it says how long it wrote, or it was asked to save and has exited."""
        self.jobs.append(seconds)

    def note_store(self, seconds):
        """Packing, upload and commit."""
        self.stores.append(seconds)

    def measured(self):
        """None: not yet."""
        return round(max(self.jobs) + max(self.stores), 3) if self.jobs and self.stores else self.known

    def seconds(self):
        measured = self.measured()
        return UNMEASURED_SECONDS + max(self.stores, default=0) if measured is None else measured

    def advice(self, size_bytes):
        """What to say of a save of that size that takes longer than a notice gives: what would fit."""
        measured, stored = self.measured(), max(self.stores, default=0)
        written = measured - stored
        fits_bytes = int(size_bytes * (FITS_SECONDS - written) / stored) if stored and written < FITS_SECONDS else 0
        return {
            "saveSeconds": measured, "fitsSeconds": FITS_SECONDS, "sizeBytes": size_bytes, "fitsBytes": fits_bytes, "fitsIntervalSeconds": round(SHARE * measured),
            "error": "a save takes %.0f s, of which the job's own part is %.0f s, and a notice gives %d s: an interruption costs the work since the last checkpoint. "
                     "A save of at most %d MB would fit (or an instance type with a faster link); with saves as they are, an interval of %.0f min or more keeps "
                     "the time that goes into them below a tenth." % (measured, written, FITS_SECONDS, fits_bytes // 10**6, SHARE * measured / 60)}
