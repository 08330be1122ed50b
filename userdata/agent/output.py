"""What a run of the job writes to its standard output and error: a file, of which the agent takes the first part into its log
and keeps the end. However much the job writes, the file is cut at each look, and the log's share of it is bounded."""
import os

READ_BYTES = 65536  # at a time; also what is kept of the end
MOST_LOGGED_BYTES = 1 << 20  # of all runs on this instance together; of what comes after that only each run's end
MOST_FILE_BYTES = 8 << 20  # a larger file is cut: emptied, but for its end
FLOOD_BYTES = 1 << 20  # written between two looks: the next look should come soon


class Output:
    """`path` is the run's file, `allowance` is shared by all runs: [bytes that may still be logged]."""

    def __init__(self, path, allowance):
        self.path, self.allowance = path, allowance
        self.size_bytes = self.read_bytes = self.cut_bytes = 0
        self.partial, self.end = b"", b""

    def open(self):
        """The file for the job: for appending, so that it goes on at the beginning once the file has been cut."""
        return open(self.path, "ab")

    def look(self):
        """The complete lines written since, as far as they are to be logged; whether the job writes a flood."""
        before, self.size_bytes = self.size_bytes, os.stat(self.path).st_size
        lines = []
        if self.allowance[0] > 0 and self.size_bytes > self.read_bytes:
            data = self.read(self.read_bytes, READ_BYTES)
            self.read_bytes += len(data)
            self.allowance[0] -= len(data)
            lines = (self.partial + data).split(b"\n")
            self.partial = b"" if len(lines[-1]) > READ_BYTES else lines.pop()
        flood = self.size_bytes - before > FLOOD_BYTES
        if self.size_bytes > MOST_FILE_BYTES:
            self.cut()
        return texts(lines), flood

    def rest(self):
        """The lines at the end of a run: all that have not been logged, if they are few, else the last ones."""
        unread = os.stat(self.path).st_size - self.read_bytes
        if self.cut_bytes or unread > READ_BYTES:
            return texts((b"[...]" + self.tail_bytes(READ_BYTES)).split(b"\n"))
        return texts((self.partial + self.read(self.read_bytes, READ_BYTES)).split(b"\n"))

    def cut(self):
        """Gives the disk back what the job has filled."""
        self.end = self.tail_bytes(READ_BYTES)
        os.truncate(self.path, 0)
        self.cut_bytes += self.size_bytes
        self.size_bytes = self.read_bytes = 0
        self.partial = b"[...]"

    def tail(self, most_bytes):
        """The end of what the job has written, as text."""
        return self.tail_bytes(most_bytes).decode(errors="replace")

    def tail_bytes(self, most_bytes):
        return (self.end + self.read(-most_bytes, most_bytes))[-most_bytes:]

    def read(self, offset, size_bytes):
        """So much of the file, from there on (before 0: from its end)."""
        with open(self.path, "rb") as file:
            file.seek(offset if offset >= 0 else max(0, file.seek(0, os.SEEK_END) + offset))
            return file.read(size_bytes)


def texts(lines):
    return [line.decode(errors="replace") for line in lines if line]
