"""The context object. https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""
import os
import time
from types import SimpleNamespace

_CLIENT_FIELDS = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")


class LambdaContext:
    def __init__(self, request_id, invoked_arn, deadline_milliseconds, client_context):
        self.aws_request_id = request_id
        self.invoked_function_arn = invoked_arn
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.identity = SimpleNamespace(cognito_identity_id=None, cognito_identity_pool_id=None)
        self.client_context = None
        self.tenant_id = None
        if client_context is not None:
            client = client_context.get("client")
            self.client_context = SimpleNamespace(
                custom=client_context.get("custom"), env=client_context.get("env"),
                client=None if client is None else SimpleNamespace(**{field: client.get(field) for field in _CLIENT_FIELDS}),
            )
        self._deadline = deadline_milliseconds

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))

    def log(self, message):
        print(str(message), end="", flush=True)

    def __repr__(self):
        fields = ("aws_request_id", "log_group_name", "log_stream_name", "function_name", "memory_limit_in_mb", "function_version", "invoked_function_arn")
        return "LambdaContext([%s])" % ",".join("%s=%s" % (field, getattr(self, field)) for field in fields)
