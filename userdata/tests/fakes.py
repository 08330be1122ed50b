"""Hand-written stand-ins for AWS, as small as the agent's calls allow: each keeps what it was told, and can be made to fail."""
import copy
import hashlib
import base64
import io
import os
import re
import struct
import sys
import threading
import time
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
AGENT = os.path.join(HERE, "..", "agent")
WORKLOAD = os.path.join(HERE, "..", "workload")
for place in (AGENT, WORKLOAD):
    if place not in sys.path:
        sys.path.insert(0, place)

from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError  # noqa: E402

from ledger import unwrap, wrap  # noqa: E402


def client_error(code, status=400, operation="Operation"):
    return ClientError({"Error": {"Code": code, "Message": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, operation)


def unreachable():
    return EndpointConnectionError(endpoint_url="https://service.invalid")


def timed_out(kind=ReadTimeoutError):
    """`kind` may be ConnectTimeoutError. Both are OSErrors as well."""
    return kind(endpoint_url="https://service.invalid")


class Missing:
    """An attribute that an item lacks: no comparison with it holds."""

    def __eq__(self, other):
        return False

    __lt__ = __gt__ = __ne__ = __eq__
    __hash__ = None


class Faults:
    """`fail[operation]` holds what the next calls do: an exception to raise before (or, in `after`, after) taking effect."""

    def __init__(self):
        self.calls, self.fail, self.after, self.hooks = [], {}, {}, {}

    def enter(self, operation, arguments):
        self.calls.append((operation, arguments))
        if operation in self.hooks:
            self.hooks[operation](arguments)
        if self.fail.get(operation):
            raise self.fail[operation].pop(0)

    def leave(self, operation):
        if self.after.get(operation):
            raise self.after[operation].pop(0)

    def names(self):
        return [name for name, _ in self.calls]


class FakeTable(Faults):
    """DynamoDB with one item; understands the expressions that the agent writes."""

    def __init__(self, **item):
        super().__init__()
        self.item = item
        self.history = []
        self.lock = threading.Lock()

    def get_item(self, **arguments):
        self.enter("get_item", arguments)
        assert arguments["ConsistentRead"] is True
        return {"Item": {name: wrap_any(value) for name, value in self.item.items()}} if self.item else {}

    def update_item(self, **arguments):
        self.enter("update_item", arguments)
        with self.lock:
            names, values = arguments.get("ExpressionAttributeNames", {}), arguments["ExpressionAttributeValues"]
            scope = {name.replace(":", "_v_"): unwrap(value) for name, value in values.items()}

            def compiled(expression):
                expression = re.sub(r"#\w+", lambda match: names[match[0]], expression)
                return expression.replace(":", "_v_")

            class Scope(dict):
                def __missing__(inner, name):
                    return self.item.get(name, Missing())

            scope["attribute_not_exists"] = lambda value: isinstance(value, Missing)
            scope["if_not_exists"] = lambda value, other: other if isinstance(value, Missing) else value
            condition = compiled(arguments["ConditionExpression"]).replace("AND", "and").replace("OR", "or").replace(" IN ", " in ").replace("<>", "!=")
            if not eval(re.sub(r" = ", " == ", condition), {"__builtins__": {}}, Scope(scope)):
                raise client_error("ConditionalCheckFailedException", operation="UpdateItem")
            update = compiled(arguments["UpdateExpression"])
            sets, _, removes = update[len("SET "):].partition(" REMOVE ")
            new = {}
            for part in re.split(r", (?![^(]*\))", sets):
                name, _, value = part.partition(" = ")
                new[name] = eval(value, {"__builtins__": {}}, Scope(scope))
                assert not isinstance(new[name], Missing), part
            self.item = {**self.item, **new}
            for name in filter(None, removes.split(", ")):
                self.item.pop(name, None)
            self.history.append((scope.get("_v_mine"), new))
            made = {name: wrap_any(value) for name, value in self.item.items()}
        self.leave("update_item")
        return {"Attributes": made} if arguments["ReturnValues"] == "ALL_NEW" else {}


def wrap_any(value):
    return {"L": [wrap(member) for member in value]} if isinstance(value, list) else wrap(value)


class FakeBucket(Faults):
    """S3: objects by key. An upload whose checksum does not match is refused, as S3 does; so are parts that are too small."""

    LEAST_PART_BYTES = 5 << 20

    def __init__(self):
        super().__init__()
        self.objects, self.uploads, self.tags = {}, {}, {}

    def received(self, arguments):
        data = b"".join(iter(lambda: arguments["Body"].read(65536), b""))
        checksum = base64.b64encode(struct.pack(">I", zlib.crc32(data))).decode()
        if arguments.get("ChecksumCRC32", checksum) != checksum:
            raise client_error("BadDigest")
        return data, {"ETag": '"%s"' % hashlib.md5(data).hexdigest(), "ChecksumCRC32": checksum}

    def put_object(self, **arguments):
        self.enter("put_object", arguments)
        self.objects[arguments["Key"]], answer = self.received(arguments)
        self.leave("put_object")
        return answer

    def create_multipart_upload(self, **arguments):
        self.enter("create_multipart_upload", arguments)
        upload = "upload-%d" % (len(self.calls))
        self.uploads[upload] = {}
        self.leave("create_multipart_upload")
        return {"UploadId": upload}

    def upload(self, arguments):
        if arguments["UploadId"] not in self.uploads:
            raise client_error("NoSuchUpload", 404)
        return self.uploads[arguments["UploadId"]]

    def upload_part(self, **arguments):
        self.enter("upload_part", arguments)
        data, answer = self.received(arguments)
        self.upload(arguments)[arguments["PartNumber"]] = data, answer
        self.leave("upload_part")
        return answer

    def complete_multipart_upload(self, **arguments):
        self.enter("complete_multipart_upload", arguments)
        parts = self.upload(arguments)
        named = arguments["MultipartUpload"]["Parts"]
        for part in named:
            if {**part, "PartNumber": None} != {**parts[part["PartNumber"]][1], "PartNumber": None}:
                raise client_error("InvalidPart")
        if any(len(parts[part["PartNumber"]][0]) < self.LEAST_PART_BYTES for part in named[:-1]):
            raise client_error("EntityTooSmall")
        self.objects[arguments["Key"]] = b"".join(parts[part["PartNumber"]][0] for part in named)
        del self.uploads[arguments["UploadId"]]
        self.leave("complete_multipart_upload")
        return {}

    def abort_multipart_upload(self, **arguments):
        self.enter("abort_multipart_upload", arguments)
        self.upload(arguments)
        del self.uploads[arguments["UploadId"]]

    def put_object_tagging(self, **arguments):
        self.enter("put_object_tagging", arguments)
        if arguments["Key"] not in self.objects:
            raise client_error("NoSuchKey", 404)
        self.tags[arguments["Key"]] = {tag["Key"]: tag["Value"] for tag in arguments["Tagging"]["TagSet"]}

    def head_object(self, **arguments):
        self.enter("head_object", arguments)
        if arguments["Key"] not in self.objects:
            raise client_error("404", 404)
        return {"ContentLength": len(self.objects[arguments["Key"]])}

    def get_object(self, **arguments):
        self.enter("get_object", arguments)
        if arguments["Key"] not in self.objects:
            raise client_error("NoSuchKey", 404)
        data = self.objects[arguments["Key"]]
        etag = '"%s"' % hashlib.md5(data).hexdigest()
        if arguments.get("IfMatch", etag) != etag:
            raise client_error("PreconditionFailed", 412)
        first, last = map(int, re.fullmatch(r"bytes=(\d+)-(\d+)", arguments["Range"]).groups())
        if first >= len(data):
            raise client_error("InvalidRange", 416)
        part = data[first:last + 1]
        return {"ContentRange": "bytes %d-%d/%d" % (first, first + len(part) - 1, len(data)), "ETag": etag, "ContentLength": len(part), "Body": io.BytesIO(part)}

    def delete_object(self, **arguments):
        self.enter("delete_object", arguments)
        self.objects.pop(arguments["Key"], None)

    def get_paginator(self, operation):
        assert operation == "list_objects_v2"
        bucket = self

        class Pages:
            def paginate(self, **arguments):
                bucket.enter(operation, arguments)
                keys = sorted(key for key in bucket.objects if key.startswith(arguments["Prefix"]))
                return [{"Contents": [{"Key": key}]} for key in keys] or [{}]

        return Pages()


class FakeSteps(Faults):
    """Step Functions' task calls; `answer` is what the task was told at its end."""

    answer = None

    def send_task_heartbeat(self, **arguments):
        self.enter("send_task_heartbeat", arguments)

    def send_task_success(self, **arguments):
        self.enter("send_task_success", arguments)
        self.answer = arguments

    def send_task_failure(self, **arguments):
        self.enter("send_task_failure", arguments)
        self.answer = arguments


class FakeCloudWatch(Faults):
    def __init__(self):
        super().__init__()
        self.data = []

    def put_metric_data(self, **arguments):
        self.enter("put_metric_data", arguments)
        self.data += copy.deepcopy(arguments["MetricData"])


class FakeLogs(Faults):
    """CloudWatch Logs: `events` of every stream, by its name."""

    def __init__(self):
        super().__init__()
        self.events = {}

    def create_log_stream(self, **arguments):
        self.enter("create_log_stream", arguments)
        if arguments["logStreamName"] in self.events:
            raise client_error("ResourceAlreadyExistsException")
        self.events[arguments["logStreamName"]] = []

    def put_log_events(self, **arguments):
        self.enter("put_log_events", arguments)
        events = arguments["logEvents"]
        if [event["timestamp"] for event in events] != sorted(event["timestamp"] for event in events):
            raise client_error("InvalidParameterException")
        self.events[arguments["logStreamName"]] += events


class FakeTargetGroup(Faults):
    """Elastic Load Balancing with one target group; `targets` are the instances in it."""

    def __init__(self):
        super().__init__()
        self.targets = set()

    def register_targets(self, **arguments):
        self.enter("register_targets", arguments)
        self.targets |= {target["Id"] for target in arguments["Targets"]}

    def deregister_targets(self, **arguments):
        self.enter("deregister_targets", arguments)
        self.targets -= {target["Id"] for target in arguments["Targets"]}


class FakeMetadata:
    """The metadata service's items, as a plain dictionary below latest/meta-data."""

    def __init__(self, **items):
        self.items = {"instance-id": "i-1", "placement/region": "eu-west-1", "tags/instance/spotproof:job": "job-1",
                      "tags/instance/spotproof:launch": "1", **items}

    def get(self, path):
        return self.items.get(path)


def ledger_item(**changes):
    """The item as the state machine has initialized it and handed the task to instance i-1, launch 1."""
    return {"jobId": "job-1", "durationSeconds": 360, "checkpointSeconds": 120, "saveSeconds": 3, "bucket": "bucket-1", "launch": 1,
            "taskToken": "token-1", "taskLaunch": 1, "taskInstanceId": "i-1", "ownerEpoch": 0, "ownerState": "none", "sequence": 0, **changes}


PATIENCE_SECONDS = 30  # until something that is to come at once is said not to come: long enough for a machine under load


def wait_for(condition, seconds=PATIENCE_SECONDS):
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise AssertionError("it did not come to pass in %s s" % seconds)
        time.sleep(0.005)
