"""The metadata client against a small server of its own, that speaks HTTP/1.1 as the service does and can misbehave."""
import socket
import threading
import unittest
from unittest import mock

from . import fakes  # noqa: F401

import metadata as metadata_module
from metadata import Metadata, MetadataError


class Service:
    """Serves `items`; `script` holds raw answers that are sent instead, one a request ("" closes the connection)."""

    def __init__(self):
        self.items, self.requests, self.script, self.connections = {}, [], [], 0
        self.token, self.issued = "token-0", 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        data = b""
        with connection:
            while True:
                while b"\r\n\r\n" not in data:
                    received = connection.recv(4096)
                    if not received:
                        return
                    data += received
                head, _, data = data.partition(b"\r\n\r\n")
                line, *headers = head.decode().split("\r\n")
                self.requests.append((line, dict(header.lower().split(": ") for header in headers)))
                answer = self.script.pop(0) if self.script else self.answer(*self.requests[-1])
                if not answer:
                    return
                for piece in answer if isinstance(answer, list) else [answer]:
                    connection.sendall(piece.encode())
                if "connection: close" in str(answer).lower():
                    return

    def answer(self, line, headers):
        method, path, _ = line.split()
        if method == "PUT":
            self.issued += 1
            self.token = "token-%d" % self.issued
            return text(200, self.token)
        if headers.get("x-aws-ec2-metadata-token") != self.token:
            return text(401, "")
        item = self.items.get(path[len("/latest/meta-data/"):])
        return text(404, "<html>not found</html>") if item is None else text(200, item)

    def paths(self, method):
        return [line for line, _ in self.requests if line.startswith(method)]


def text(status, body, extra=""):
    return "HTTP/1.1 %d Reason\r\nContent-Length: %d\r\n%s\r\n%s" % (status, len(body.encode()), extra, body)


class MetadataTest(unittest.TestCase):
    def setUp(self):
        self.service = Service()
        self.addCleanup(self.service.listener.close)
        self.service.items["instance-id"] = "i-1"
        self.metadata = Metadata(self.service.url)
        self.addCleanup(self.metadata.close)

    def test_version_2_only_one_token_and_one_connection_for_many_requests(self):
        for _ in range(5):
            self.assertEqual(self.metadata.get("instance-id"), "i-1")
        self.assertEqual(self.service.paths("PUT"), ["PUT /latest/api/token HTTP/1.1"])
        self.assertEqual(self.service.requests[0][1]["x-aws-ec2-metadata-token-ttl-seconds"], "21600")
        self.assertEqual(self.service.connections, 1)

    def test_what_is_not_there_is_none(self):
        self.assertIsNone(self.metadata.get("spot/instance-action"))

    def test_the_token_is_renewed_before_it_expires(self):
        now = [1000.0]
        with mock.patch.object(metadata_module.time, "monotonic", lambda: now[0]):
            self.metadata.get("instance-id")
            now[0] += 21600 - 301
            self.metadata.get("instance-id")
            self.assertEqual(self.service.issued, 1)
            now[0] += 2
            self.metadata.get("instance-id")
        self.assertEqual(self.service.issued, 2)
        self.assertEqual(len(self.service.requests), 2 + 3, "none was refused and made again")

    def test_a_refused_token_is_renewed_at_once_and_only_once(self):
        self.metadata.get("instance-id")
        self.service.token = "forgotten"
        self.assertEqual(self.metadata.get("instance-id"), "i-1")
        self.service.script = [text(401, ""), text(200, "token"), text(401, "")]
        with self.assertRaisesRegex(MetadataError, "status 401"):
            self.metadata.get("instance-id")

    def test_a_closed_connection_is_opened_again(self):
        self.metadata.get("instance-id")
        self.service.script = [""]
        self.assertEqual(self.metadata.get("instance-id"), "i-1")
        self.service.script = [text(200, "i-2", "Connection: close\r\n")]
        self.assertEqual(self.metadata.get("instance-id"), "i-2")
        self.assertIsNone(self.metadata.socket)
        self.assertEqual(self.metadata.get("instance-id"), "i-1")

    def test_an_answer_in_pieces_and_names_in_any_case(self):
        self.metadata.get("instance-id")
        self.service.script = [["HTTP/1.1 200 O", "K\r\ncontent-LENGTH:  5\r\nX-Any: a:b\r\n\r", "\nab", "cde"]]
        self.assertEqual(self.metadata.get("instance-id"), "abcde")
        self.assertEqual(self.metadata.get("instance-id"), "i-1", "the connection is still in step")

    def test_answers_that_it_cannot_read_are_errors(self):
        self.metadata.get("instance-id")
        for answer in ("HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "nonsense\r\n\r\n", "HTTP\r\nContent-Length: 0\r\n\r\n", text(500, "oops"), text(403, "")):
            with self.subTest(answer):
                self.service.script = [answer, answer]
                with self.assertRaises(MetadataError):
                    self.metadata.get("instance-id")
                self.service.script = []
                self.assertEqual(self.metadata.get("instance-id"), "i-1")

    def test_a_service_that_is_not_there_or_never_answers(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            client = Metadata("http://127.0.0.1:%d" % silent.getsockname()[1], timeout_seconds=0.05)
            with self.assertRaises(MetadataError):
                client.get("instance-id")
            port = silent.getsockname()[1]
        with self.assertRaises(MetadataError):
            Metadata("http://127.0.0.1:%d" % port).get("instance-id")

    def test_the_endpoint_may_end_in_a_slash_and_be_ipv6(self):
        self.assertEqual(Metadata("http://[fd00:ec2::254]/").address, ("fd00:ec2::254", 80))
        slashed = Metadata(self.service.url + "/")
        self.addCleanup(slashed.close)
        self.assertEqual(slashed.get("instance-id"), "i-1")


if __name__ == "__main__":
    unittest.main()
