"""The volume that the job shares with the agent: what the job fills is missing for its saves, and for the agent's own log."""
import errno
import os

LOW_BYTES = 256 << 20  # a volume with less than this left is told of
RESERVE_BYTES = 2 << 20  # kept for the agent, which gives it up when nothing else is left
LARGER = "the knob rootVolumeGiB makes it larger"


def want_of_room(error):
    """What a reason should say of an error that a full volume has caused; None: it is another."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "there is no room left on its volume (%s): %s" % (error, LARGER)
    return None


class Disk:
    """The volume of `folder`, the agent's own."""

    def __init__(self, folder, log):
        self.folder, self.log, self.reserve = folder, log, os.path.join(folder, "reserve")
        self.low = False
        try:
            with open(self.reserve, "wb") as file:
                os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)
        except OSError:
            pass  # it is full already, which `look` tells

    def free_bytes(self):
        found = os.statvfs(self.folder)
        return found.f_bavail * found.f_frsize

    def look(self):
        """Tells once of a volume that fills up; makes room for the agent itself when it is full."""
        free = self.free_bytes()
        if free < LOW_BYTES and not self.low:
            self.log("disk-low", "warning", freeBytes=free)
        self.low = free < LOW_BYTES
        if free < RESERVE_BYTES and os.path.exists(self.reserve):
            os.remove(self.reserve)
            self.log("disk-full", "error", freeBytes=free)

    def trouble(self):
        """What a failure's reason should say of the volume; "" when there is room."""
        free = self.free_bytes()
        return "" if free >= LOW_BYTES else "; its volume has %d MiB left: %s" % (free >> 20, LARGER)
