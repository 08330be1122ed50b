"""Client of the instance metadata service, version 2 only: one kept connection, no library, since it is asked all day.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
"""
import socket
import time
from urllib.parse import urlsplit

TOKEN_SECONDS = 21600  # the longest life that the service gives a token
RENEW_SECONDS = 300  # a token is renewed this long before it expires


class MetadataError(Exception):
    """The service did not answer, or answered something other than 200 and 404."""


class Metadata:
    """`get(path)` below latest/meta-data; for one thread at a time."""

    def __init__(self, endpoint, timeout_seconds=2):
        parts = urlsplit(endpoint)
        self.address = (parts.hostname, parts.port or 80)
        self.host = parts.netloc
        self.timeout_seconds = timeout_seconds
        self.socket = self.token = None
        self.renew_at = 0.0

    def get(self, path):
        """The item's text, or None when there is none (404). Raises MetadataError."""
        for fresh in (False, True):
            if fresh or not self.token or time.monotonic() >= self.renew_at:
                self._renew()
            status, body = self._ask("GET", "meta-data/" + path, "X-aws-ec2-metadata-token: " + self.token)
            if status != 401:
                break
        if status == 404:
            return None
        if status != 200:
            raise MetadataError("%s: status %d" % (path, status))
        return body.decode(errors="replace")

    def _renew(self):
        asked = time.monotonic()
        status, body = self._ask("PUT", "api/token", "X-aws-ec2-metadata-token-ttl-seconds: %d" % TOKEN_SECONDS)
        if status != 200:
            raise MetadataError("api/token: status %d" % status)
        self.token, self.renew_at = body.decode(), asked + TOKEN_SECONDS - RENEW_SECONDS

    def _ask(self, method, path, header):
        request = "%s /latest/%s HTTP/1.1\r\nHost: %s\r\n%s\r\n\r\n" % (method, path, self.host, header)
        while True:
            kept = self.socket is not None
            try:
                if not kept:
                    self.socket = socket.create_connection(self.address, self.timeout_seconds)
                    self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.socket.sendall(request.encode())
                return self._answer()
            except (OSError, ValueError, IndexError) as error:
                self.close()
                if not kept:  # a kept connection may have been closed meanwhile: once more, on a new one
                    raise MetadataError("%s: %s" % (path, error)) from error

    def _answer(self):
        data = self._more(b"")
        while b"\r\n\r\n" not in data:
            data = self._more(data)
        head, body = data.split(b"\r\n\r\n", 1)
        lines = head.lower().split(b"\r\n")
        headers = dict(line.split(b":", 1) for line in lines[1:])
        if b"content-length" not in headers:
            raise ValueError("an answer without Content-Length")
        length = int(headers[b"content-length"])
        while len(body) < length:
            body = self._more(body)
        if b"close" in headers.get(b"connection", b""):
            self.close()
        return int(lines[0].split()[1]), body

    def _more(self, data):
        received = self.socket.recv(65536)
        if not received:
            raise ValueError("the connection was closed")
        return data + received

    def close(self):
        if self.socket:
            self.socket.close()
            self.socket = None
