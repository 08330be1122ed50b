"""
The instance's root volume, which has a size: once it is full, what a guest's Python writes below its root finds no room, as a file system
says it (a short write, then ENOSPC), and statvfs tells what is left. What other programs write, and C code by itself (sqlite, mmap,
stdio), always finds room; the region counts it, and refuses by name what has gone beyond the volume's end.

Room is counted in blocks. `volume`, in the folder beside the root, has the volume's size and what is in use, 8 bytes each: what was in use
when it was counted last, and the most that all of the guest's processes can have added since. It is counted anew when that might be too much.
"""
import errno
import fcntl
import mmap
import os
import stat
import sys

BLOCK_BYTES = 4096
_scandir, _fstat, _lseek = os.scandir, os.fstat, os.lseek
_statvfs, _mkdir = os.statvfs, os.mkdir
_F_GETPATH = 50  # of macOS's fcntl

volume = None  # the guest's, once it is known


def whole_blocks(size):
    return -(-size // BLOCK_BYTES) * BLOCK_BYTES


class Volume:
    def __init__(self, root, path):
        self.root = os.path.realpath(root)
        file = os.open(path, os.O_RDWR)
        try:
            self.figures = memoryview(mmap.mmap(file, 16)).cast("q")
        finally:
            os.close(file)
        self.size = self.figures[0]
        self.counted = None  # what was in use when this process last counted it

    def count(self):
        """What is in use: files by their blocks, without holes; folders by one block each."""
        total, linked, folders = 0, set(), [self.root]
        while folders:
            try:
                with _scandir(folders.pop()) as entries:
                    for entry in entries:
                        found = entry.stat(follow_symlinks=False)
                        if stat.S_ISDIR(found.st_mode):
                            total += BLOCK_BYTES
                            folders.append(entry.path)
                        elif stat.S_ISREG(found.st_mode):
                            if found.st_nlink > 1:
                                if found.st_ino in linked:
                                    continue
                                linked.add(found.st_ino)
                            total += min(whole_blocks(found.st_size), found.st_blocks * 512)
            except FileNotFoundError:
                pass  # it goes while it is counted
        self.figures[1] = self.counted = total
        return total

    def free(self):
        """What is left, to a quarter of that or a hundredth of the volume, whichever is less."""
        used = self.figures[1]
        if self.counted is None or used - self.counted > min((self.size - used) / 4, self.size / 100) or used < self.counted:
            used = self.count()
        return max(0, self.size - used)

    def take(self, most):
        """Whether there is room for `most` bytes more at all events; they are counted as in use."""
        if self.figures[1] + most > self.size and self.count() + most > self.size:
            return False
        self.figures[1] += most
        return True

    def holds(self, path):
        return path == self.root or path.startswith(self.root + os.sep)

    def path_of(self, descriptor):
        if sys.platform == "darwin":
            return fcntl.fcntl(descriptor, _F_GETPATH, bytes(1024)).rstrip(b"\0").decode()
        return os.readlink("/proc/self/fd/%d" % descriptor)

    def room(self, descriptor, size, offset=None):
        """How many of `size` bytes have room there (None: where the descriptor stands). Raises OSError when none has."""
        if size == 0 or self.take(size + 2 * BLOCK_BYTES):
            return size
        found = _fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or not self.holds(self.path_of(descriptor)):
            return size
        if offset is None:
            appends = fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_APPEND
            offset = found.st_size if appends else _lseek(descriptor, 0, os.SEEK_CUR)
        # What is left of the file's last block is its own already.
        end = whole_blocks(found.st_size) + max(0, self.size - self.figures[1]) // BLOCK_BYTES * BLOCK_BYTES
        allowed = min(size, end - offset)
        if allowed <= 0:
            raise no_room()
        self.figures[1] += allowed + 2 * BLOCK_BYTES
        return allowed

    def told(self, real):
        """A file system's figures, with this volume's size and room."""
        free = self.free() // BLOCK_BYTES
        return os.statvfs_result((BLOCK_BYTES, BLOCK_BYTES, self.size // BLOCK_BYTES, free, free, *real[5:10]))


def no_room():
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def connect(root, path):
    """The volume of that root, whose figures are in that file."""
    global volume
    volume = Volume(root, path)


def of_one_buffer(function, has_offset):
    """os.write, os.pwrite: as much as there is room for."""
    def write(descriptor, data, *offset):
        if volume is not None:
            view = memoryview(data).cast("B")
            data = view[:volume.room(descriptor, len(view), offset[0] if has_offset and offset else None)]
        return function(descriptor, data, *offset)

    return write


def of_several_buffers(function, has_offset):
    """os.writev, os.pwritev: all, or as much of the first as there is room for."""
    def write(descriptor, buffers, *rest):
        if volume is not None:
            views = [memoryview(each).cast("B") for each in buffers]
            size = sum(map(len, views))
            allowed = volume.room(descriptor, size, rest[0] if has_offset and rest else None)
            if allowed < size:
                buffers = [b"".join(views)[:allowed]]
        return function(descriptor, buffers, *rest)

    return write


def of_count(function, descriptor_at, count_at):
    """os.sendfile, os.copy_file_range, os.splice: what is moved to a file is limited before it is."""
    def move(*arguments, **named):
        if volume is not None and not named:
            arguments = list(arguments)
            arguments[count_at] = volume.room(arguments[descriptor_at], arguments[count_at])
        return function(*arguments, **named)

    return move


def fallocate(descriptor, offset, size):
    if volume is not None and volume.room(descriptor, size, offset) < size:
        raise no_room()
    return _fallocate(descriptor, offset, size)


def mkdir(path, *arguments, **named):
    if volume is not None and not volume.take(BLOCK_BYTES) and volume.holds(os.path.abspath(os.fsdecode(path))):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
    return _mkdir(path, *arguments, **named)


def statvfs(path):
    real = _statvfs(path)
    if volume is None:
        return real
    place = volume.path_of(path) if isinstance(path, int) else os.path.realpath(os.fsdecode(path))
    return volume.told(real) if place == "/" or volume.holds(place) else real


_fallocate = getattr(os, "posix_fallocate", None)


def install():
    os.write, os.mkdir, os.statvfs, os.fstatvfs = of_one_buffer(os.write, False), mkdir, statvfs, statvfs
    os.pwrite, os.writev = of_one_buffer(os.pwrite, True), of_several_buffers(os.writev, False)
    if hasattr(os, "pwritev"):
        os.pwritev = of_several_buffers(os.pwritev, True)
    for name, descriptor_at, count_at in (("sendfile", 0, 3), ("copy_file_range", 1, 2), ("splice", 1, 2)):
        if hasattr(os, name):
            setattr(os, name, of_count(getattr(os, name), descriptor_at, count_at))
    if _fallocate is not None:
        os.posix_fallocate = fallocate
