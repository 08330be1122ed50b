"""The task that waits in Step Functions: its heartbeat and its answer. A task that waits no more says nothing about who owns the job."""
import json
import threading

from botocore.exceptions import ClientError

import handoff
from calls import transient


class Task:
    """`token` is None until the task has come. `answered` is set once this instance has answered it; `answering` is held from the look
    at whether it has until it has."""

    def __init__(self, sfn, ledger, log):
        self.sfn, self.ledger, self.log = sfn, ledger, log
        self.token, self.dead, self.answered = None, False, False
        self.over = None  # the token of a task that was given back, and waits no more
        self.answering = threading.Lock()

    def come(self, token):
        """The task has come, or has been handed over anew."""
        if token != self.token:
            self.token, self.dead, self.answered = token, False, False

    def beat(self):
        """A heartbeat. A task that waits no more may have been handed over anew, under another token."""
        if self.answered:
            return self.beat_given_back()
        if self.dead or not self._tell(self.sfn.send_task_heartbeat):
            return
        item = self.ledger.read()
        self.dead = not handoff.assigned(item, self.ledger.me) or item["taskToken"] == self.token
        if not self.dead:
            self.token = item["taskToken"]

    def beat_given_back(self):
        """An owner that hands over has the task again while there is no successor. It beats, so that it is missed if it hangs; it answers
        only what ends the job."""
        item, me = self.ledger.latest, self.ledger.me
        if me["epoch"] and handoff.assigned(item, me) and item["taskToken"] not in (self.token, self.over):
            if self._tell(self.sfn.send_task_heartbeat, token=item["taskToken"]):
                self.over = item["taskToken"]

    def succeed(self, **answer):
        """Whether the task still waited."""
        return self._answer(self.sfn.send_task_success, output=json.dumps(answer))

    def fail(self, error, cause):
        self._answer(self.sfn.send_task_failure, error=error, cause=cause)

    def _answer(self, call, **arguments):
        waited = not self._tell(call, **arguments)
        self.answered = True
        return waited

    def _tell(self, call, token=None, **arguments):
        """True: the task waits no more."""
        try:
            call(taskToken=token or self.token, **arguments)
        except ClientError as error:
            if transient(error):
                raise
            self.log("task-not-told", "warning", error=str(error))
            return True
        return False
