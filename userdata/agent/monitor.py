"""Watches the metadata service for what AWS is about to do with this instance, and tells it as events.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/rebalance-recommendations.html
"""
import json
from calendar import timegm
from collections import namedtuple
from time import strptime

from metadata import MetadataError

POLL_SECONDS = 5  # AWS recommends to look every 5 seconds

NOTICE_SECONDS = 120  # from the warning's event to the end

# kind: "notice" (Spot takes the instance back), "migrate", "terminate" (the operating system shuts down), "rebalance",
# "exit" (the job), "superseded". value: a deadline in epoch seconds (of a recommendation: its time); the exit code; why.
Event = namedtuple("Event", "kind value")


def epoch_seconds(text):
    """Epoch seconds of a time as the service writes it (2015-01-05T18:02:00Z). Raises ValueError."""
    return timegm(strptime(str(text).strip(), "%Y-%m-%dT%H:%M:%SZ"))


def recorded(item, instance):
    """The events of this instance that EventBridge has told and the watcher has put into the job's item: a notice also
    comes this way, before the metadata has it or when they never do."""
    for notice in item.get("notices", ()):
        if notice.get("instanceId") == instance:
            at = parsed(notice.get("time", ""))
            if at is not None:
                yield Event("notice", at + NOTICE_SECONDS) if notice.get("kind") == "interrupt" else Event("rebalance", at)


def parsed(text):
    """Epoch seconds, or None when that is not a time."""
    try:
        return epoch_seconds(text)
    except ValueError:
        return None


class Monitor:
    """Calls `tell(event)` once for each time that a notice or a recommendation names, however often and wherever they appear."""

    def __init__(self, metadata, tell, log):
        self.metadata, self.tell, self.log = metadata, tell, log
        self.told, self.reachable = set(), True

    def watch(self, ended):
        """Looks until the event `ended` is set."""
        while True:
            self.look()
            if ended.wait(POLL_SECONDS):
                return

    def look(self):
        """Polls; a service that does not answer is logged once."""
        try:
            self.poll()
            self.reachable = True
        except MetadataError as error:
            if self.reachable:
                self.log("metadata-unreachable", "warning", error=str(error))
            self.reachable = False

    def poll(self):
        """Looks at the three items. Raises MetadataError."""
        self._look("notice", "spot/instance-action", lambda text: json.loads(text)["time"])
        self._look("notice", "spot/termination-time", str)
        self._look("rebalance", "events/recommendations/rebalance", lambda text: json.loads(text)["noticeTime"])

    def _look(self, kind, path, when):
        text = self.metadata.get(path)
        if text is None:
            return
        try:  # termination-time may hold something that is not a time: then nothing is meant
            event = Event(kind, epoch_seconds(when(text)))
        except (ValueError, KeyError, TypeError):
            return
        if event not in self.told:
            self.told.add(event)
            self.tell(event)
