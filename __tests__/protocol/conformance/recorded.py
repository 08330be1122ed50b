"""Prints what the agent sends to DynamoDB: a line of JSON for each write of userdata/agent/ledger.py and each combination of what it is
made of; and, for userdata/agent/handoff.py, what it decides for each combination of what it may see."""
import itertools
import json
import sys
import time

from ledger import Ledger
import handoff

NOW = int(sys.argv[1])
time.time = lambda: NOW


class Recorder:
    """A DynamoDB that keeps what it is asked, and lets every condition hold."""

    def __init__(self):
        self.requests = []

    def update_item(self, **request):
        self.requests.append(request)
        return {"Attributes": {}}

    def get_item(self, **request):
        return {"Item": {}}


def record(write, instance, epoch, sequence, step, call):
    dynamodb = Recorder()
    ledger = Ledger(dynamodb, "ledger", "j", "i-%d" % instance, instance)
    ledger.epoch, ledger.sequence = epoch, sequence
    call(ledger)
    request, = dynamodb.requests
    print(json.dumps({"write": write, "instance": instance, "epoch": epoch, "sequence": sequence, "step": step, "request": request}))


def ledger_writes():
    for instance, epoch in itertools.product((1, 2, 3), range(4)):
        item = {"ownerEpoch": epoch, "sequence": 0}
        record("takeOver", instance, epoch, 0, 0, lambda ledger: ledger.take_over(item))
        record("ready", instance, epoch, 0, 0, lambda ledger: ledger.ready(item, NOW + 1000))
        record("standIn", instance, epoch, 0, 0, lambda ledger: ledger.stand_in(item, NOW + 1000))
        record("releaseEarlier", instance, epoch, 0, 0, lambda ledger: ledger.release_earlier(item))
        record("work", instance, epoch, 0, 0, lambda ledger: ledger.announce(ownerState="working"))
        for write, state in (("handOver", "handing-over"), ("save", "saving")):
            record(write, instance, epoch, 0, 0, lambda ledger: ledger.announce(ownerState=state, ownerDeadline=NOW + 1000))
        for write, changes in (("release", {"ownerReason": "notice"}), ("fail", {"ownerReason": "job-failed"}), ("finish", {"ownerReason": "finished", "finished": True})):
            record(write, instance, epoch, 0, 0, lambda ledger: ledger.write(ownerState="released", **changes))
        for sequence, step in itertools.product(range(3), range(3)):
            checkpoint = {"key": "k", "sha256": "0-%d" % step, "sizeBytes": 1, "percent": step}
            record("commit", instance, epoch, sequence, step, lambda ledger: ledger.commit(checkpoint, False))


STATES = ("none", "restoring", "working", "handing-over", "saving", "released", "dead")
WHYS = (None, "migrate", "notice", "terminate")
LATE = {False: NOW + 500, True: NOW}  # the notice's end; a save takes 10 s


def decisions():
    """Over the model's domain: instance 1 asks; the numbers are those of the model's fields."""
    for state, deadline, owner, task, token, ready, end in itertools.product(
            STATES, (None, NOW + 1000, NOW - 1), (0, 1, 2), (0, 1, 2), (False, True), (0, 1, 2), (None, "finished", "job-failed")):
        item = {"ownerEpoch": 1, "ownerState": state, "ownerDeadline": deadline, "ownerInstanceId": owner and "i-%d" % owner,
                "taskInstanceId": task and "i-%d" % task, "taskLaunch": task, "taskToken": token and "t", "readyLaunch": ready, "finished": end == "finished", "ownerReason": end}
        item = {name: value for name, value in item.items() if value not in (None, 0, False)}
        for why, late in itertools.product(WHYS, (False, True)):
            if late and why != "notice":
                continue
            until = LATE[late] if why in ("notice", "terminate") else None
            if why == "notice" and "ownerDeadline" in item and state == "handing-over":
                item = dict(item, ownerDeadline=until if deadline == NOW + 1000 else deadline)
            print(json.dumps({
                "seen": [state, deadline and ("ahead" if deadline > NOW else "past"), owner, task, token, ready, end, why, late],
                "owner": [handoff.owner(item, {"instance": "i-1", "launch": 1, "epoch": epoch}, why, NOW, until, 10) for epoch in (1, 2)],
                "successor": handoff.successor(item, {"instance": "i-1", "launch": 1, "epoch": 0}, why, NOW, until, 10)}))


{"ledger": ledger_writes, "decisions": decisions}[sys.argv[2]]()
