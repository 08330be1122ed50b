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
    "stand-in": become the owner though another has the task, until that one is ready.
    "ready": say in the ledger that it waits for the owner's release.
    "answer": end the task with the interruption, and stay as long as there is time to work.
    "release": an earlier life of ours owns the job, and there is nothing to work on for; release for it, and leave.
    "leave": answer the task, if it is ours, with the interruption, and leave. Without an interruption: a later launch has the
    task, this instance has slept or lost it."""
    leaves = why == "terminate" or why == "notice" and now >= last_moment(deadline, save_seconds)
    if not assigned(item, me):
        return without_task(item, me, why, now, leaves)
    if item.get("finished"):
        return "report"
    if leaves:
        return "leave"
    if free(item, me, now):
        return "take-over"
    if why == "notice":
        return "answer"
    return "wait" if item.get("readyLaunch") == me["launch"] else "ready"


def without_task(item, me, why, now, leaves):
    """`successor`, for one whose task has not come, or has gone to another. Until that other is up, somebody may work who already is:
    the owner's own next life, or a successor that Spot takes back before it owned anything, and not yet."""
    ours = item.get("ownerInstanceId") == me["instance"] and "taskInstanceId" in item
    later = item.get("taskLaunch", 0) > me["launch"]
    over = item.get("finished") or item.get("ownerReason") == "job-failed"
    if ours and not item.get("finished") and item.get("ownerState") not in FREE:
        return "release" if leaves or expected(item, me) else "stand-in"
    if later and not ours and why == "notice" and not leaves and not over:
        return "stand-in" if free(item, me, now) and not expected(item, me) else "wait"
    return "leave" if ours or later or why in ("notice", "terminate") else "wait"
