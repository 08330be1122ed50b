"""
What logging writes: as text or as JSON, one event a record. https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
A record of several lines is written as one; its line feeds are told apart from those that end lines.
"""
import json
import logging
import os
import sys
import time
import traceback

LINE_FEED_WITHIN = "\x1e"
NO_BREAK_SPACE = "\u00a0"
_STANDARD = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "aws_request_id"}

request_id = ""
is_json = False


def write(text):
    sys.stdout.write(text.rstrip("\n").replace("\n", LINE_FEED_WITHIN) + "\n")


class _Handler(logging.Handler):
    def emit(self, record):
        record.aws_request_id = request_id
        try:
            write(self.format(record))
        except Exception:
            self.handleError(record)


class _Json(logging.Formatter):
    def format(self, record):
        told = {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname, "message": record.getMessage(), "logger": record.name,
        }
        if record.exc_info and record.exc_info[0] is not None:
            kind, value, trace = record.exc_info
            told["stackTrace"] = traceback.format_list(traceback.extract_tb(trace))
            told["errorType"], told["errorMessage"] = kind.__name__, str(value)
            told["location"] = "%s:%s:%s" % (record.pathname, record.funcName, record.lineno)
        told.update((key, value) for key, value in record.__dict__.items() if key not in _STANDARD)
        told["requestId"] = request_id
        return json.dumps({key: value for key, value in told.items() if value is not None}, default=str, ensure_ascii=False)


def install():
    global is_json
    is_json = os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON"
    logging.Formatter.converter = time.gmtime
    handler = _Handler()
    handler.setFormatter(_Json() if is_json else logging.Formatter(
        "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n", "%Y-%m-%dT%H:%M:%S"))
    root = logging.getLogger()
    root.addHandler(handler)
    level = {"TRACE": "DEBUG", "FATAL": "CRITICAL"}.get(os.environ.get("AWS_LAMBDA_LOG_LEVEL"), os.environ.get("AWS_LAMBDA_LOG_LEVEL"))
    if level in logging._nameToLevel:
        root.setLevel(level)


def error(result):
    """Tells of an error that ended the invocation, or the loading of the code."""
    if is_json:
        return write(json.dumps({"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "level": "ERROR", **result}, ensure_ascii=False))
    lines = ["[ERROR] %s: %s" % (result["errorType"], result["errorMessage"]), "Traceback (most recent call last):"]
    for entry in result["stackTrace"]:
        for line in entry.splitlines():
            text = line.lstrip(" ")
            lines.append(NO_BREAK_SPACE * (len(line) - len(text)) + text)
    write("\n".join(lines))
