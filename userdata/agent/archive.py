"""Saves as tars that depend on their content alone: packed as a stream, unpacked from one, never whole in memory or on disk."""
import errno
import os
import shutil
import stat
import tarfile

CHUNK_BYTES = 1 << 20
ZEROS = bytes(CHUNK_BYTES)


class Refused(Exception):
    """What is stored is not what was committed, or cannot be packed or unpacked safely; the text says why."""


def packed(folder):
    """The tar of `folder`, piece by piece: sorted, without times and owners, linked files as files. Raises OSError (the folder
    is missing, say) and Refused (neither file nor folder, or it changes meanwhile)."""
    size_bytes = 0
    tar = tarfile.TarFile(fileobj=_Nothing(), mode="w", dereference=True)  # knows what to say of a file
    for piece in _members(tar, folder, ""):
        size_bytes += len(piece)
        yield piece
    rest = -(size_bytes + 2 * tarfile.BLOCKSIZE) % tarfile.RECORDSIZE
    yield bytes(2 * tarfile.BLOCKSIZE + rest)


def _members(tar, folder, prefix):
    for name in sorted(os.listdir(folder)):
        path, member = os.path.join(folder, name), prefix + name
        info = tar.gettarinfo(path, member)
        is_folder = info is not None and info.isdir() and not os.path.islink(path)
        if not (is_folder or info is not None and info.isreg()):
            raise Refused("%s is neither a file nor a folder" % member)
        info.uid = info.gid = info.mtime = 0
        info.uname = info.gname = ""
        yield info.tobuf(tarfile.PAX_FORMAT)
        if is_folder:
            yield from _members(tar, path, member + "/")
        else:
            yield from _content(path, member, info.size)


def _content(path, member, size_bytes):
    at = 0
    with open(path, "rb", buffering=0) as file:
        while at < size_bytes:
            begin, end = _data(file, at, size_bytes)
            while at < begin:  # a hole: there is nothing to read
                piece = ZEROS[:begin - at]
                at += len(piece)
                yield piece
            file.seek(begin)
            while at < end:
                piece = file.read(min(end - at, CHUNK_BYTES))
                if not piece:
                    break
                at += len(piece)
                yield piece
            if os.fstat(file.fileno()).st_size < size_bytes:
                raise Refused("%s has become shorter while it was packed; a save that was reported must be left alone" % member)
    yield bytes(-size_bytes % tarfile.BLOCKSIZE)


def _data(file, at, size_bytes):
    """Where the next bytes of a file begin and end that are not in a hole; `size_bytes`, twice, when the rest is one."""
    try:
        begin = os.lseek(file.fileno(), at, os.SEEK_DATA)
        return min(begin, size_bytes), min(os.lseek(file.fileno(), begin, os.SEEK_HOLE), size_bytes)
    except OSError as error:
        return (size_bytes if error.errno == errno.ENXIO else at), size_bytes  # ENXIO: no more bytes; otherwise the file system does not tell


class _Nothing:
    """A file for a TarFile that writes nothing."""

    mode, name = "wb", None

    def tell(self):
        return 0


def size_of(folder):
    """About how many bytes the tar will have; never less, unless names are very long."""
    total = tarfile.RECORDSIZE
    for place, folders, files in os.walk(folder):
        total += 2 * tarfile.BLOCKSIZE * (len(folders) + len(files))
        total += sum(os.stat(os.path.join(place, name)).st_size for name in files)
    return total


class _Tar(tarfile.TarFile):
    """Where a file has nothing but zeros, a hole is left, as it may have had."""

    def makefile(self, tarinfo, targetpath):
        if tarinfo.issparse():
            super().makefile(tarinfo, targetpath)
            return
        self.fileobj.seek(tarinfo.offset_data)
        left = tarinfo.size
        with open(targetpath, "wb") as file:
            while left:
                piece = self.fileobj.read(min(left, CHUNK_BYTES))
                if not piece:
                    raise tarfile.ReadError("unexpected end of data")
                left -= len(piece)
                if piece == ZEROS[:len(piece)]:
                    file.seek(len(piece), os.SEEK_CUR)
                else:
                    file.write(piece)
            file.truncate(tarinfo.size)


def unpack(stream, folder):
    """Extracts a tar, compressed or not, from what `stream.read(size)` gives into `folder`, which is made anew. Raises Refused
    when a member would be placed, or point, outside it, and when it is not a tar."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    root = os.path.realpath(folder)

    def inside(*parts):
        place = os.path.realpath(os.path.join(root, *parts))
        return place == root or place.startswith(root + os.sep)

    try:
        with _Tar.open(fileobj=stream, mode="r|*", bufsize=CHUNK_BYTES) as tar:
            tar.extraction_filter = lambda member, _: member  # newer Pythons ask for one; what it would check is checked here
            for member in tar:
                linked = member.issym() and inside(os.path.dirname(member.name), member.linkname)
                if not inside(member.name) or not (linked or member.isreg() or member.isdir()):
                    raise Refused("%s is not a file within the folder" % member.name)
                member.uid, member.gid, member.uname, member.gname = os.getuid(), os.getgid(), "", ""
                tar.extract(member, root)
                tar.members.clear()  # an archive of many files need not be remembered
    except (tarfile.TarError, EOFError) as error:
        raise Refused("not a readable tar: %s" % error) from error


def protect(folder):
    """Makes every file in the folder read-only."""
    for place, _, names in os.walk(folder):
        for name in names:
            os.chmod(os.path.join(place, name), stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
