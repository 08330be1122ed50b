"""Watches the metadata service for what AWS is about to do with this instance, and tells it as events.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/rebalance-recommendations.html
"""
import json
import math
import time
from calendar import timegm
from collections import namedtuple

from log import timestamp
from metadata import MetadataError

POLL_SECONDS = 5  # AWS recommends to look every 5 seconds
CREDENTIALS_EVERY = 12  # looks: each minute
# New credentials are there at least five minutes before the old ones expire: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
RENEWED_SECONDS = 285
# Of an answer without credentials the SDK makes that there are none, and from its refresh window on, 15 minutes before those it has expire, every request fails.
# https://github.com/boto/botocore/blob/develop/botocore/credentials.py, RefreshableCredentials; utils.py, InstanceMetadataFetcher
SDK_SECONDS = 900
MISSING_LOOKS = 2  # running, without credentials where there were some: no passing fault
NEAR_SECONDS = 600  # from a deadline: it is told then; until then the handoff has none, and leases that are renewed
ROLE = "iam/security-credentials/"

NOTICE_SECONDS = 120  # from the warning's event to the end

# kind: "notice" (Spot takes the instance back), "migrate", "terminate" (the operating system shuts down), "rebalance",
# "exit" (the job), "superseded". value: a deadline in epoch seconds (of a recommendation: its time); the exit code; why.
Event = namedtuple("Event", "kind value")


def epoch_seconds(text):
    """Epoch seconds of a time as the service writes it (2015-01-05T18:02:00Z). Raises ValueError."""
    return timegm(time.strptime(str(text).strip(), "%Y-%m-%dT%H:%M:%SZ"))


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
        self.looks, self.role, self.expires, self.missing = 0, "", None, 0

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
            if self.looks % CREDENTIALS_EVERY == 0:
                self.look_at_credentials()
            self.looks += 1
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

    def look_at_credentials(self):
        """Without credentials an instance can tell nobody anything: when there are no new ones in time it moves while it still can. Raises MetadataError."""
        role = self.metadata.get(ROLE)
        self.role = self.role if role is None else role.strip()
        document = None if role is None else self.metadata.get(ROLE + self.role)
        expires = _time_in(document, lambda text: json.loads(text)["Expiration"])
        self.missing = self.missing + 1 if expires is None else 0
        self.expires = expires or self.expires
        if self.expires is None:  # none was needed so far
            return
        now = time.time()
        if self.missing < MISSING_LOOKS and self.expires - now >= RENEWED_SECONDS:
            return
        usable = self.expires - SDK_SECONDS if self.missing else self.expires
        deadline = self.expires if usable <= now else usable if usable - now < NEAR_SECONDS else math.inf
        first = all(event.kind != "migrate" for event in self.told)
        if self._tell(Event("migrate", deadline)) and first:
            self.log("credentials-not-renewed", "error", expires=timestamp(self.expires), error="the metadata service gives no credentials of the role %s%s; the job "
                     "moves to another instance. See whether the role and its instance profile are still there, and whether EC2 may assume the role" % (
                         self.role, " any more: %s" % _reason(document) if self.missing else " beyond %s" % timestamp(self.expires)))

    def _look(self, kind, path, when):
        at = _time_in(self.metadata.get(path), when)
        if at is not None:
            self._tell(Event(kind, at))

    def _tell(self, event):
        """Whether it is new."""
        if event in self.told:
            return False
        self.told.add(event)
        self.tell(event)
        return True


def _time_in(text, when):
    """Epoch seconds of the time that `when` finds in the text; None when there is none: termination-time may hold something that is not a time."""
    try:
        return None if text is None else epoch_seconds(when(text))
    except (ValueError, KeyError, TypeError):
        return None


def _reason(document):
    """The service's own words where it should give credentials: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html"""
    try:
        words = json.loads(document or "")
        return "%s, %s" % (words["Code"], words.get("Message", "without a message"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return "404 Not Found" if document is None else "an answer without an expiration"
