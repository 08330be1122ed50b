"""
/var/task, which is read-only, and /tmp: folders of the execution environment's own, on this machine somewhere else. Whoever names a path
below them means those, and a module's __file__ is what it is on AWS. Programs that a function runs see the machine's own paths.
"""
import builtins
import errno
import functools
import importlib.machinery
import importlib.util
import io
import os
import sys
import tokenize

TASK, TMP = "/var/task", "/tmp"

_READING = ("stat", "lstat", "listdir", "scandir", "access", "readlink", "chdir", "statvfs")
_WRITING = ("mkdir", "rmdir", "remove", "unlink", "chmod", "utime", "truncate", "mkfifo")
_MOVING = ("rename", "replace", "link", "symlink")

_places = {}


def _place(path):
    """The path on this machine, and whether it is below the read-only folder."""
    if not isinstance(path, (str, bytes, os.PathLike)):
        return path, False
    text = os.fsdecode(path)
    for name, folder in _places.items():
        if text == name or text.startswith(name + "/"):
            return folder + text[len(name):], name == TASK
    return path, False


def _writable(path):
    place, is_fixed = _place(path)
    if is_fixed:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), os.fsdecode(path))
    return place


def _shown(error, path):
    """The error as it names the path that was asked for."""
    if error.filename is not None:
        error.filename = os.fsdecode(path)
    return error


def _wrap(real, count, is_writing):
    @functools.wraps(real)
    def call(*arguments, **options):
        if not arguments:
            return real(**options)
        named, rest = arguments[:count], arguments[count:]
        try:
            return real(*[_writable(path) if is_writing else _place(path)[0] for path in named], *rest, **options)
        except OSError as error:
            raise _shown(error, named[0]) if isinstance(named[0], (str, bytes, os.PathLike)) else error

    return call


def _wrap_open(real, is_for_writing):
    @functools.wraps(real)
    def call(file, mode=None, *arguments, **options):
        place = _writable(file) if is_for_writing(mode) else _place(file)[0]
        try:
            return real(place, *(() if mode is None else (mode,)), *arguments, **options)
        except OSError as error:
            raise _shown(error, file) if isinstance(file, (str, bytes, os.PathLike)) else error

    return call


class _Source(importlib.machinery.SourceFileLoader):
    def get_data(self, path):
        return super().get_data(_place(path)[0])

    def path_stats(self, path):
        return super().path_stats(_place(path)[0])


class _Finder(importlib.machinery.FileFinder):
    """Finds modules below /var/task; those in Python know themselves by that path."""

    def _get_spec(self, loader_class, fullname, path, locations, target):
        name = path
        if loader_class is _Source:
            name = TASK + path[len(_places[TASK]):]
        where = None if locations is None else [TASK + location[len(_places[TASK]):] for location in locations]
        return importlib.util.spec_from_file_location(fullname, name, loader=loader_class(fullname, name), submodule_search_locations=where)


def _hook(path):
    if path != TASK and not path.startswith(TASK + "/"):
        raise ImportError("not a folder of the function's")
    machinery = importlib.machinery
    return _Finder(_place(path)[0], (machinery.ExtensionFileLoader, machinery.EXTENSION_SUFFIXES), (_Source, machinery.SOURCE_SUFFIXES),
                   (machinery.SourcelessFileLoader, machinery.BYTECODE_SUFFIXES))


def install(task, tmp):
    _places[TASK], _places[TMP] = task, tmp
    for names, count, is_writing in ((_READING, 1, False), (_WRITING, 1, True), (_MOVING, 2, True)):
        for name in names:
            if hasattr(os, name):
                setattr(os, name, _wrap(getattr(os, name), count, is_writing))
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    os.open = _wrap_open(os.open, lambda flags: bool((flags or 0) & writing))
    builtins.open = io.open = tokenize._builtin_open = _wrap_open(io.open, lambda mode: any(letter in (mode or "r") for letter in "wax+"))
    getcwd = os.getcwd

    def shown_folder():
        folder = getcwd()
        for name, place in _places.items():
            if folder == place or folder.startswith(place + "/"):
                return name + folder[len(place):]
        return folder

    os.getcwd = shown_folder
    sys.path_hooks.insert(0, _hook)
    sys.path_importer_cache.clear()
    sys.path.insert(0, TASK)
