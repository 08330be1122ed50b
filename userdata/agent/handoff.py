"""What an agent decides while the job passes from one instance to the next: pure, over the ledger's item and the clock.

An interruption with a warning ends the owner's task, not its ownership: it works on, under a lease (`ownerDeadline`), until
the successor says that it is ready (`readyLaunch`) or its last safe moment has come. What counts is decided by the
conditions of the ledger's writes; these functions say only what to try.

`item` is the ledger's item as a dict, `me` says who asks: {"instance", "launch", "epoch"} (epoch 0: owns nothing), `why` is
the interruption that this instance knows of: None, "migrate" (it is to move, without haste), "notice" (Spot takes it back at
`deadline`) or "terminate" (the operating system is shutting down). Times are epoch seconds; a deadline may be None.
"""
FREE = ("none", "released", "dead")  # states of the owner in which the job is anyone's
MARGIN_SECONDS = 10  # between the expected end of the last save and the deadline
UNMEASURED_SECONDS = 60  # taken for the time of a save that no one has measured
RENEW_SECONDS = 40  # a lease without a deadline of AWS's is renewed when so much of it is left; leases are longer (heartbeatSeconds)


def last_moment(deadline, save_seconds):
    """When the last save must begin."""
    return deadline - save_seconds - MARGIN_SECONDS


def assigned(item, me):
    """Whether the waiting task is this instance's."""
    return item.get("taskInstanceId") == me["instance"] and item.get("taskLaunch") == me["launch"] and "taskToken" in item


def expected(item, me):
    """Whether a successor waits for this owner's release."""
    return item.get("taskInstanceId") != me["instance"] and "readyLaunch" in item and item["readyLaunch"] == item.get("taskLaunch")


def free(item, me, now):
    """Whether the job may be taken over: its owner has released it, is dead or past its deadline, or is an earlier life of ours."""
    return item.get("ownerState") in FREE or item.get("ownerDeadline", now) < now or item.get("ownerInstanceId") == me["instance"]


def owner(item, me, why, now, deadline, save_seconds):
    """What the owner does next:
    "stop": another owns the job; nothing more may be written.
    "work": nothing.
    "hand-over": say in the ledger that it works on under a lease (until the deadline, or renewed as it runs out), answer the task.
    "save": have the job save for the last time, commit, release."""
    if item.get("ownerEpoch") != me["epoch"]:
        return "stop"
    if why == "terminate" or item.get("ownerState") == "saving" or expected(item, me):
        return "save"
    if why is None:
        return "work"
    if deadline is not None and now >= last_moment(deadline, save_seconds):
        return "save"
    if item.get("ownerState") != "handing-over":
        return "hand-over"
    leased = item.get("ownerDeadline", now)
    return "hand-over" if (leased < now + RENEW_SECONDS if deadline is None else leased > deadline) else "work"


def successor(item, me, why, now, deadline, save_seconds):
    """What an instance that owns nothing (yet, or any more) does next:
    "wait": nothing.
    "report": the job has finished; answer so, and leave.
    "take-over": become the owner.
    "ready": say in the ledger that it waits for the owner's release.
    "release": an earlier life of ours owns the job, but the task has gone to another: release for it, and leave.
    "leave": answer the task, if it is ours, with the interruption, and leave. Without an interruption: a later launch has the
    task, this instance has slept or lost it."""
    if not assigned(item, me):
        ours = item.get("ownerInstanceId") == me["instance"] and "taskInstanceId" in item
        if ours and not item.get("finished") and item.get("ownerState") not in FREE:
            return "release"
        later = item.get("taskLaunch", 0) > me["launch"]
        return "leave" if ours or later or why in ("notice", "terminate") else "wait"
    if item.get("finished"):
        return "report"
    late = why == "notice" and now >= last_moment(deadline, save_seconds)
    if why == "terminate" or late:
        return "leave"
    if free(item, me, now):
        return "take-over"
    if why == "notice":
        return "leave"
    return "wait" if item.get("readyLaunch") == me["launch"] else "ready"
