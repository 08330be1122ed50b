"""The task that waits in Step Functions: its heartbeat and its answer. A task that waits no more says nothing about who owns the job."""
import json

from botocore.exceptions import ClientError

from calls import transient


class Task:
    """`token` is None until the task has come."""

    def __init__(self, sfn, ledger, log):
        self.sfn, self.ledger, self.log = sfn, ledger, log
        self.token, self.dead = None, False

    def beat(self):
        """A heartbeat. A task that waits no more may have been handed over anew, under another token."""
        if not self.dead and self._tell(self.sfn.send_task_heartbeat):
            item = self.ledger.read()
            self.dead = not self.ledger.assigned(item) or item["taskToken"] == self.token
            self.token = item.get("taskToken", self.token)

    def succeed(self, **answer):
        self._tell(self.sfn.send_task_success, output=json.dumps(answer))

    def fail(self, error, cause):
        self._tell(self.sfn.send_task_failure, error=error, cause=cause)

    def _tell(self, call, **arguments):
        """True: the task waits no more."""
        try:
            call(taskToken=self.token, **arguments)
        except ClientError as error:
            if transient(error):
                raise
            self.log("task-not-told", "warning", error=str(error))
            return True
        return False
