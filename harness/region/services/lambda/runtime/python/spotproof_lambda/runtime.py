"""
The loop of the runtime, and what it tells of errors.
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html, https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
"""
import http.client
import importlib
import json
import os
import sys
import traceback

from . import logs, paths
from .context import LambdaContext
from .encoding import to_json

_HERE = os.path.dirname(os.path.abspath(__file__))
_LIBRARY = os.path.dirname(os.path.abspath(os.__file__))
_API = "/2018-06-01/runtime"


class Fault(Exception):
    """An error of the runtime rather than of the function's own code."""

    def __init__(self, kind, message, trace=()):
        super().__init__(message)
        self.kind, self.trace = kind, list(trace)


class Api:
    def __init__(self, address):
        self._connection = http.client.HTTPConnection(address, timeout=None)
        self._connection.connect()
        self._connection.sock.settimeout(None)

    def _exchange(self, method, path, body=None, headers=None):
        self._connection.request(method, _API + path, body, headers or {})
        answer = self._connection.getresponse()
        return answer, answer.read()

    def next(self):
        return self._exchange("GET", "/invocation/next")

    def answer(self, request_id, body):
        self._exchange("POST", "/invocation/%s/response" % request_id, body)

    def fail(self, path, result):
        self._exchange("POST", path, to_json(result).encode(), {"Lambda-Runtime-Function-Error-Type": result["errorType"]})


def _error(message, kind, trace, request_id):
    return {"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": trace}


def _shown(file):
    return "/var/lang/lib/python%d.%d%s" % (*sys.version_info[:2], file[len(_LIBRARY):]) if file.startswith(_LIBRARY + "/") else file


def _told(request_id):
    """The exception that is being handled, without the runtime's own frames."""
    kind, value, trace = sys.exc_info()
    if isinstance(value, Fault):
        return _error(str(value), value.kind, value.trace, request_id)
    frames = traceback.extract_tb(trace)
    while frames and frames[0].filename.startswith(_HERE):
        frames.pop(0)
    # Without the places within a line, which newer versions of Python mark.
    entries = ['  File "%s", line %s, in %s\n%s' % (_shown(frame.filename), frame.lineno, frame.name, "    %s\n" % frame.line if frame.line else "") for frame in frames]
    return _error(str(value), kind.__name__, entries, request_id)


def _find(handler):
    module_name, dot, name = handler.rpartition(".")
    if not dot:
        raise Fault("Runtime.MalformedHandlerName", "Bad handler '%s': not enough values to unpack (expected 2, got 1)" % handler)
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise Fault("Runtime.BuiltInModuleConflict", "Cannot use built-in module %s as a handler module" % module_name)
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", "Unable to import module '%s': %s" % (module_name, error)) from None
    except SyntaxError as error:
        raise Fault("Runtime.UserCodeSyntaxError", "Syntax error in module '%s': %s" % (module_name, error),
                    ['  File "%s" Line %s\n    %s' % (error.filename, error.lineno, error.text)]) from None
    try:
        return getattr(module, name)
    except AttributeError:
        raise Fault("Runtime.HandlerNotFound", "Handler '%s' missing on module '%s'" % (name, module_name)) from None


def _serve(handler, headers, body):
    """The answer to an event, as bytes."""
    client = headers.get("Lambda-Runtime-Client-Context")
    context = LambdaContext(
        headers["Lambda-Runtime-Aws-Request-Id"], headers["Lambda-Runtime-Invoked-Function-Arn"], int(headers["Lambda-Runtime-Deadline-Ms"]),
        json.loads(client) if client else None,
    )
    result = handler(json.loads(body), context)
    if isinstance(result, bytes):
        return result
    try:
        return to_json(result).encode()
    except Exception as error:
        raise Fault("Runtime.MarshalError", "Unable to marshal response: %s" % error) from None


def run():
    # A module of the function's may have the name of anything here.
    sys.path[:] = [path for path in sys.path if path != os.path.dirname(_HERE)]
    sys.pycache_prefix = os.environ.pop("SPOTPROOF_PYCACHE")
    api = Api(os.environ["AWS_LAMBDA_RUNTIME_API"])
    logs.install()
    paths.install(os.environ.pop("SPOTPROOF_TASK"), os.environ.pop("SPOTPROOF_TMP"))
    try:
        handler = _find(os.environ["_HANDLER"])
    except Exception:
        result = _told("")
        logs.error(result)
        api.fail("/init/error", result)
        sys.exit(1)
    while True:
        answer, body = api.next()
        logs.request_id = request_id = answer.headers["Lambda-Runtime-Aws-Request-Id"]
        os.environ["_X_AMZN_TRACE_ID"] = answer.headers["Lambda-Runtime-Trace-Id"]
        try:
            result = _serve(handler, answer.headers, body)
        except Exception:
            told = _told(request_id)
            logs.error(told)
            api.fail("/invocation/%s/error" % request_id, told)
        else:
            api.answer(request_id, result)
