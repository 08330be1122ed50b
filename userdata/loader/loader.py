"""The loader: all that the user data holds of the agent. Fetches the agent from S3, checks it, and becomes it.

The agent is one version of one object, which user data of its time names for good: an execution that was started before
a deployment goes on with the agent that it began with.
"""
import hashlib
import io
import json
import os
import subprocess
import sys
import time
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
PERSIST_SECONDS = 120  # how long it is tried again; an instance that cannot have its agent is of no use
RETRY_SECONDS = 2
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


def load(settings, make_client=client):
    """The folder with the agent in it, fetched unless an earlier life of this loader has done so; None: not to be had."""
    folder = os.path.join(HERE, "agent-" + settings["SPOTPROOF_AGENT_SHA256"][:16])
    began = time.monotonic()
    while not os.path.exists(folder):
        try:
            archive = fetch(settings, make_client)
            zipfile.ZipFile(io.BytesIO(archive)).extractall(folder + ".new")
            os.rename(folder + ".new", folder)
            say("agent-loaded", seconds=round(time.monotonic() - began, 3), bytes=len(archive))
        except Exception as error:  # whatever it is, time may heal it: a role that IAM has not spread yet, a network that is not up
            last = time.monotonic() - began + RETRY_SECONDS >= PERSIST_SECONDS
            say("agent-not-loaded", "error" if last else "warning", error="%s: %s" % (type(error).__name__, error), **({"hint": HINT} if last else {"again": True}),
                source="s3://%s/%s, version %s" % (settings["SPOTPROOF_AGENT_BUCKET"], settings["SPOTPROOF_AGENT_KEY"], settings["SPOTPROOF_AGENT_VERSION"]))
            if last:
                return None
            time.sleep(RETRY_SECONDS)
    return folder


def main():
    folder = load(os.environ)
    if folder is None:
        subprocess.run(["systemctl", "poweroff"])
        return
    sys.path.insert(0, folder)
    import agent
    agent.main()


if __name__ == "__main__":
    main()
