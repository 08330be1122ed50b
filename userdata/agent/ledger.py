"""The job's item in the ledger table, and the rule that every write keeps: it counts only while our epoch is the owner's.

A refused condition is read back before it is believed, since a retried request may meet its own success.
"""
import threading
import time

from botocore.exceptions import ClientError

from handoff import FREE


class Superseded(Exception):
    """Another instance owns the job: write nothing more, stop."""


def wrap(value):
    """A Python value (bool, number, str, dict) as a DynamoDB attribute."""
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, (int, float)):
        return {"N": repr(value)}
    return {"M": {name: wrap(member) for name, member in value.items()}} if isinstance(value, dict) else {"S": value}


def unwrap(attribute):
    """The Python value of a DynamoDB attribute."""
    (kind, value), = attribute.items()
    if kind == "N":
        return float(value) if set(value) & set(".eE") else int(value)
    if kind == "M":
        return {name: unwrap(member) for name, member in value.items()}
    return [unwrap(member) for member in value] if kind == "L" else value


class Ledger:
    """Reads and writes of the item of `job`. `epoch` and `sequence` are 0 until `take_over` has succeeded. Each item that
    DynamoDB returns becomes `latest`, and `learn` is told of it."""

    def __init__(self, dynamodb, table, job, instance, launch):
        self.dynamodb, self.instance, self.launch = dynamodb, instance, launch
        self.item = {"TableName": table, "Key": {"jobId": {"S": job}}}
        self.epoch = self.sequence = 0
        self.tried = set()  # sha256 of what the present run of the job has tried to commit
        self.latest, self.learn = {}, lambda item: None
        self.lock = threading.Lock()  # held while the owner's state is decided and written

    @property
    def me(self):
        return {"instance": self.instance, "launch": self.launch, "epoch": self.epoch}

    def read(self):
        """The item, read consistently; {} when there is none."""
        return self._returned(self.dynamodb.get_item(ConsistentRead=True, **self.item).get("Item", {}))

    def take_over(self, item):
        """Becomes the owner if no one else is: after the former owner's release, death or deadline, or after an earlier
        life of this agent on this same instance. `item` is what `read` gave. False: not now."""
        seen = item["ownerEpoch"]
        values = {"one": 1, "seen": seen, "me": self.instance, "launch": self.launch, "now": int(time.time()), "restoring": "restoring",
                  "false": False, **dict(zip(FREE, FREE))}
        return self._own(item, self._update(
            "SET ownerEpoch = ownerEpoch + :one, ownerInstanceId = :me, ownerLaunch = :launch, ownerState = :restoring"
            " REMOVE ownerDeadline, ownerReason, readyLaunch",
            "ownerEpoch = :seen AND taskInstanceId = :me AND taskLaunch = :launch AND (attribute_not_exists(finished) OR finished = :false)"
            " AND (ownerState IN (:none, :released, :dead) OR ownerDeadline < :now OR ownerInstanceId = :me)", values))

    def stand_in(self, item, until):
        """Becomes the owner, until `until`, though the task is another's, who is to have the job once it is ready. Otherwise as
        `take_over`."""
        seen = item["ownerEpoch"]
        values = {"one": 1, "seen": seen, "me": self.instance, "launch": self.launch, "now": int(time.time()), "handing": "handing-over", "until": until,
                  "false": False, "failed": "job-failed", **dict(zip(FREE, FREE))}
        return self._own(item, self._update(
            "SET ownerEpoch = ownerEpoch + :one, ownerInstanceId = :me, ownerLaunch = :launch, ownerState = :handing, ownerDeadline = :until"
            " REMOVE ownerReason",
            "ownerEpoch = :seen AND (attribute_not_exists(finished) OR finished = :false)"
            " AND (attribute_not_exists(ownerReason) OR ownerReason <> :failed)"
            " AND (ownerState IN (:none, :released, :dead) OR ownerDeadline < :now OR ownerInstanceId = :me)", values))

    def _own(self, item, taken):
        """Whether we own the job by a takeover from what `item` says; one that is refused may be a retry that met its own success."""
        seen = item["ownerEpoch"]
        if not taken:
            item = self.read()
            if (item.get("ownerEpoch"), item.get("ownerInstanceId")) != (seen + 1, self.instance):
                return False
        self.epoch, self.sequence = seen + 1, item.get("sequence", 0)
        return True

    def ready(self, item, until):
        """Says that this launch waits for the owner's release, and sees to it that it does not wait for ever: an owner that no
        task vouches for has a lease, until `until` if it has none yet. False: not now, `item` is out of date."""
        return self._update(
            "SET readyLaunch = :launch, ownerDeadline = if_not_exists(ownerDeadline, :until)",
            "taskInstanceId = :me AND taskLaunch = :launch AND ownerEpoch = :seen",
            {"me": self.instance, "launch": self.launch, "seen": item["ownerEpoch"], "until": until})

    def release_earlier(self, item):
        """Releases the job for an earlier life of this agent, which `item` says owns it. False: it does not, or not any more."""
        return self._update("SET ownerState = :released, ownerReason = :error", "ownerEpoch = :seen AND ownerInstanceId = :me",
                            {"released": "released", "error": "error", "seen": item["ownerEpoch"], "me": self.instance})

    def announce(self, **changes):
        """Sets the state of an owner that has not released the job (a release is final). Raises Superseded."""
        self._write(changes, "ownerState <> :released", {"released": "released"})

    def write(self, **changes):
        """Sets attributes as the owner. Raises Superseded."""
        self._write(changes)

    def begin_run(self, item):
        """A run of the job begins, from the checkpoint that `item` holds."""
        self.sequence, self.tried = item.get("sequence", 0), set()

    def commit(self, checkpoint, keep, **changes):
        """Makes `checkpoint` the last one (and, with `keep`, the last one the previous), with other changes at once;
        the committed record, numbered, is returned. Raises Superseded."""
        self.tried.add(checkpoint["sha256"])
        for _ in range(2):
            record = dict(checkpoint, epoch=self.epoch, sequence=self.sequence + 1, committedAt=int(time.time()))
            sets = dict(changes, last=record, sequence=self.sequence + 1, **({"previous": None} if keep else {}))
            item = self._write(sets, "#sequence = :seen", {"seen": self.sequence})
            if item is None or item.get("last", {}).get("sha256") == record["sha256"]:
                record = item["last"] if item else record
                self.sequence = record["sequence"]
                return record
            if item.get("last", {}).get("sha256") not in self.tried:  # of an earlier run, on its way for long: this run does not extend it
                raise Superseded("the ledger holds a checkpoint, sequence %s, that this run of the job has not made" % item.get("sequence"))
            self.sequence = item.get("sequence", 0)  # an earlier commit of this run, whose answer was lost: after that one
        raise Superseded("the ledger refuses a commit after sequence %d" % self.sequence)

    def _write(self, changes, condition=None, more={}):
        """Sets attributes, None standing for what `last` was. None when written; the item when it is ours but `condition` does not hold."""
        sets = ", ".join("#%s = %s" % (name, "#last" if value is None else ":" + name) for name, value in changes.items())
        values = {**{name: value for name, value in changes.items() if value is not None}, **more, "mine": self.epoch}
        names = {"#" + name: name for name in changes}
        if self._update("SET " + sets, "ownerEpoch = :mine" + (" AND " + condition if condition else ""), values, names):
            return None
        item = self.read()
        if item.get("ownerEpoch") != self.epoch:
            raise Superseded("the owner's epoch is %s, ours is %d" % (item.get("ownerEpoch"), self.epoch))
        return item

    def _update(self, update, condition, values, names=None):
        """Whether the condition held."""
        try:
            answer = self.dynamodb.update_item(
                UpdateExpression=update, ConditionExpression=condition, ReturnValues="ALL_NEW", **self.item,
                **({"ExpressionAttributeNames": names} if names else {}),
                ExpressionAttributeValues={":" + name: wrap(value) for name, value in values.items()})
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        self._returned(answer["Attributes"])
        return True

    def _returned(self, attributes):
        item = self.latest = {name: unwrap(attribute) for name, attribute in attributes.items()}
        self.learn(item)
        return item
