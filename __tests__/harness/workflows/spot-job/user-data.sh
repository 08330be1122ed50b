#!/bin/bash -x
# The job of the machine beside this file: a program that works through 100 steps and saves now and then.
cat > /home/ec2-user/job.py <<'PY'
#!/usr/bin/env python3
import signal
import sys
import time
import urllib.request

import boto3

METADATA = "http://169.254.169.254/latest/"


def metadata(path):
    token = urllib.request.urlopen(urllib.request.Request(METADATA + "api/token", method="PUT", headers={"X-aws-ec2-metadata-token-ttl-seconds": "60"})).read().decode()
    return urllib.request.urlopen(urllib.request.Request(METADATA + path, headers={"X-aws-ec2-metadata-token": token})).read().decode()


ssm, cloudwatch, ec2, table, states = boto3.client("ssm"), boto3.client("cloudwatch"), boto3.client("ec2"), boto3.resource("dynamodb").Table("runs"), boto3.client("stepfunctions")
instance = metadata("meta-data/instance-id")


def setting(name):
    return float(ssm.get_parameter(Name="/spot-job/" + name, WithDecryption=True)["Parameter"]["Value"])


def find_run():
    while True:
        for tag in ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [instance]}])["Tags"]:
            if tag["Key"] == "run":
                return tag["Value"]
        time.sleep(1)


def find_token(seen):
    while True:
        token = table.get_item(Key={"run": run}, ConsistentRead=True)["Item"].get("taskToken")
        if token not in (None, seen):
            return token
        time.sleep(1)


def publish(saved, percent):
    cloudwatch.put_metric_data(Namespace="spot-job", MetricData=[
        {"MetricName": "unsaved", "Unit": "Percent", "Value": percent, "StorageResolution": 1},
        {"MetricName": "checkpointed", "Unit": "Percent", "Value": saved, "StorageResolution": 1},
    ])


def save(percent):
    table.update_item(Key={"run": run}, UpdateExpression="SET #percent = :percent, lastToken = :token", ExpressionAttributeNames={"#percent": "percent"},
                      ExpressionAttributeValues={":percent": percent, ":token": token})


def stop(*_):
    print("interrupted at %d%%, saved %d%%" % (percent, saved), flush=True)
    states.send_task_success(taskToken=token, output='{"outcome": "interrupted", "percent": %d}' % saved)
    sys.exit(0)


run = find_run()
item = table.get_item(Key={"run": run}, ConsistentRead=True)["Item"]
token = find_token(item.get("lastToken"))
percent = saved = int(item["percent"])
total_minutes, checkpoint_minutes = setting("total-minutes"), setting("checkpoint-minutes")
save(saved)
signal.signal(signal.SIGTERM, stop)
print("from %d%%, %g minutes in all, a save every %g minutes" % (percent, total_minutes, checkpoint_minutes), flush=True)
since = 0.0
while percent < 100:
    time.sleep(total_minutes * 60 / 100)
    percent += 1
    since += total_minutes / 100
    states.send_task_heartbeat(taskToken=token)
    if since >= checkpoint_minutes or percent == 100:
        save(percent)
        saved, since = percent, 0.0
    publish(saved, percent)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
states.send_task_success(taskToken=token, output='{"outcome": "finished", "percent": 100}')
print("finished", flush=True)
PY
yum install -y jq
pip3 install boto3
cat > /home/ec2-user/start <<'SH'
#!/usr/bin/bash
TOKEN=$(curl -s -X PUT -H "X-aws-ec2-metadata-token-ttl-seconds: 60" http://169.254.169.254/latest/api/token)
export AWS_DEFAULT_REGION=$(curl -s -H "X-aws-ec2-metadata-token: $TOKEN" http://169.254.169.254/latest/dynamic/instance-identity/document | jq -r .region)
echo "in $AWS_DEFAULT_REGION"
/usr/bin/nohup /usr/bin/python3 /home/ec2-user/job.py 0<&- &>>/var/log/job.log &
SH
chmod 755 /home/ec2-user/start
cat > /lib/systemd/system/job.service <<'UNIT'
[Unit]
Description=The job

[Service]
Type=forking
ExecStart=/usr/bin/bash -x /home/ec2-user/start
UNIT
systemctl start job
