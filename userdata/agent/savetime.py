"""How long a save takes, from SIGTERM until it is committed, as far as it has been measured."""
from collections import deque

from handoff import UNMEASURED_SECONDS

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
