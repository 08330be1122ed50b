"""Requests to AWS: the clients, and how long a request is worth repeating."""
import functools
import time

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

PERSIST_SECONDS = 300  # how long a request that must succeed is repeated when no deadline is nearer
BRIEF_SECONDS = 15  # one of a save that is stored again otherwise: a part of it that is lost need not cost the others
AGAIN_SECONDS = 1  # before it is repeated
TRANSIENT = ("Throttl", "Exceeded", "SlowDown", "Timeout", "Expired", "RequestLimit")
FAILED = (BotoCoreError, ClientError)  # what a request raises


def clients(region):
    """The AWS clients: few attempts and short time-outs, since the agent itself knows how long to persist. Of what few need
    there is a function that makes it. They say who they are in words that are put together once: botocore would do so for each
    request, which is a fifth of what one costs."""
    agent = "spotproof-agent Boto3/%s" % boto3.__version__

    def make(service, attempts=2):
        return boto3.client(service, region_name=region, config=Config(
            connect_timeout=3, read_timeout=10, retries={"mode": "standard", "max_attempts": attempts},
            user_agent=agent, s3={"payload_signing_enabled": False}))  # TLS and the checksums of what is sent say as much, for less
    return {"dynamodb": make("dynamodb"), "s3": make("s3"), "sfn": make("stepfunctions"), "cloudwatch": make("cloudwatch", 1), "logs": make("logs", 1),
            "elbv2": functools.partial(make, "elbv2")}


def transient(error):
    """Whether a failed request may succeed when it is repeated."""
    if not isinstance(error, ClientError):
        return True
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= 500 or any(word in error.response["Error"]["Code"] for word in TRANSIENT)


class Calls:
    """Makes requests for as long as `inbox` says that there is time."""

    def __init__(self, inbox, log):
        self.inbox, self.log = inbox, log

    def attempt(self, call, *arguments, **named):
        """Makes a request whose failure is only logged; whether it succeeded is returned."""
        try:
            call(*arguments, **named)
            return True
        except FAILED as error:
            self.log("request-failed", "warning", error=str(error))
            return False

    def persist(self, call, *arguments, **named):
        """Makes a request, again and again while its errors may pass and there is time. Raises the last error."""
        return self._repeat(lambda: call(*arguments, **named), PERSIST_SECONDS)

    def briefly(self, call):
        """As `persist`, for one that is made anew later in any case."""
        return self._repeat(call, BRIEF_SECONDS)

    def _repeat(self, call, seconds):
        until = time.time() + seconds
        while True:
            self.inbox.alive()
            try:
                return call()
            except FAILED as error:
                if not transient(error) or time.time() + AGAIN_SECONDS >= min(until, self.inbox.deadline):
                    raise
                self.log("request-failed", "warning", error=str(error), again=True)
                time.sleep(AGAIN_SECONDS)
