"""The loader: all that the user data holds of the agent. Fetches the agent from S3, checks it, and becomes it.

The agent is one version of one object, which user data of its time names for good: an execution that was started before
a deployment goes on with the agent that it began with.
"""
import functools
import hashlib
import io
import json
import os
import subprocess
import sys
import time
import urllib.request
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
PERSIST_SECONDS = 120  # how long it is tried again; an instance that cannot have its agent is of no use
RETRY_SECONDS = 2
BEAT_SECONDS = 20
HINT = "Nothing runs here, so the instance is powered off. The role needs s3:GetObjectVersion on the object, the subnet a way to S3, the image boto3."


def say(event, level="info", **fields):
    """One line of the log, as the agent writes them."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    print(json.dumps({"time": now, "level": level, "event": event, **fields}), flush=True)


def client(region):
    import boto3  # here, since an installation that failed must be told, too
    from botocore.config import Config
    return boto3.client("s3", region_name=region, config=Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "max_attempts": 2}))


def fetch(settings, make_client):
    """The archive's bytes. Raises botocore's errors, ImportError, and ValueError when they are not the right ones."""
    name, wanted = settings["SPOTPROOF_AGENT_KEY"], settings["SPOTPROOF_AGENT_SHA256"]
    answer = make_client(settings["SPOTPROOF_REGION"]).get_object(
        Bucket=settings["SPOTPROOF_AGENT_BUCKET"], Key=name, VersionId=settings["SPOTPROOF_AGENT_VERSION"])
    archive = answer["Body"].read()
    found = hashlib.sha256(archive).hexdigest()
    if found != wanted:
        raise ValueError("its sha256 is %s instead of %s" % (found, wanted))
    return archive


def load(settings, task, make_client=client):
    """(the folder with the agent in it, fetched unless an earlier life of this loader has done so; why there is none)."""
    folder = os.path.join(HERE, "agent-" + settings["SPOTPROOF_AGENT_SHA256"][:16])
    began = beat_at = time.monotonic()
    while not os.path.exists(folder):
        try:
            archive = fetch(settings, make_client)
            zipfile.ZipFile(io.BytesIO(archive)).extractall(folder + ".new")
            os.rename(folder + ".new", folder)
            say("agent-loaded", seconds=round(time.monotonic() - began, 3), bytes=len(archive))
        except Exception as error:  # whatever it is, time may heal it: a role that IAM has not spread yet, a network that is not up
            why = "%s: %s" % (type(error).__name__, error)
            last = time.monotonic() - began + RETRY_SECONDS >= PERSIST_SECONDS
            say("agent-not-loaded", "error" if last else "warning", error=why, **({"hint": HINT} if last else {"again": True}),
                source="s3://%s/%s, version %s" % (settings["SPOTPROOF_AGENT_BUCKET"], settings["SPOTPROOF_AGENT_KEY"], settings["SPOTPROOF_AGENT_VERSION"]))
            if last:
                return None, why
            if time.monotonic() >= beat_at:  # the task must not be taken for one whose instance is dead
                task.tell("send_task_heartbeat")
                beat_at = time.monotonic() + BEAT_SECONDS
            time.sleep(RETRY_SECONDS)
    return folder, None


def metadata(path, endpoint):
    """What the metadata service says, after https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html"""
    def ask(method, what, **headers):
        request = urllib.request.Request("%s/latest/%s" % (endpoint, what), method=method, headers={
            "X-aws-ec2-metadata-" + name.replace("_", "-"): value for name, value in headers.items()})
        with urllib.request.urlopen(request, timeout=2) as answer:
            return answer.read().decode()
    return ask("GET", "meta-data/" + path, token=ask("PUT", "api/token", token_ttl_seconds="60"))


class Task:
    """The execution's task that waits for this instance: told that it lives, or why it has given up."""

    def __init__(self, settings, make=None):
        self.settings, self.make, self.token = settings, make, None

    def find(self):
        settings = self.settings
        if self.make is None:
            import boto3
            self.make = functools.partial(boto3.client, region_name=settings["SPOTPROOF_REGION"])
        endpoint = settings.get("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254")
        instance, job = metadata("instance-id", endpoint), metadata("tags/instance/spotproof:job", endpoint)
        item = self.make("dynamodb").get_item(TableName=settings["SPOTPROOF_TABLE"], Key={"jobId": {"S": job}}, ConsistentRead=True).get("Item", {})
        if item.get("taskInstanceId", {}).get("S") == instance:
            self.token = item["taskToken"]["S"]

    def tell(self, operation, **what):
        """Makes that call for the task, if it is this instance's. What keeps it from that is only logged."""
        try:
            if self.token is None:
                self.find()
            if self.token is not None:
                getattr(self.make("stepfunctions"), operation)(taskToken=self.token, **what)
        except Exception as error:
            say("task-not-told", "warning", error="%s: %s" % (type(error).__name__, error))


def main():
    task = Task(os.environ)
    folder, why = load(os.environ, task)
    if folder is None:
        task.tell("send_task_failure", error="InstanceGaveUp", cause="its agent could not be had from s3://%s/%s in %d s: %s" % (
            os.environ["SPOTPROOF_AGENT_BUCKET"], os.environ["SPOTPROOF_AGENT_KEY"], PERSIST_SECONDS, why))
        subprocess.run(["systemctl", "poweroff"])
        return
    sys.path.insert(0, folder)
    import agent
    agent.main()


if __name__ == "__main__":
    main()
