"""What a guest on virtual time cannot do, refused by name: an exception, a line on standard error, a line in the guest's console."""
import importlib.abc
import importlib.machinery
import os
import signal
import sys

from . import connection

_SCALED = "run it on a scaled clock (--clock scaled=N)"
_SUBPROCESS = "use subprocess instead"

# module: {function: what to do instead}
_FUNCTIONS = {
    os: dict.fromkeys(
        ("fork", "forkpty", "posix_spawn", "posix_spawnp", "system", "execv", "execve", "wait", "wait3", "wait4", "waitid"), _SUBPROCESS),
    signal: dict.fromkeys(("alarm", "setitimer", "sigwait", "sigwaitinfo", "sigtimedwait"), "use threading.Timer or Event.wait, or " + _SCALED),
}
# module: (class, method, what it is called, what to do instead); refused once the module is imported
_METHODS = {
    "asyncio.base_events": ("BaseEventLoop", "run_forever", "an asyncio event loop", "use threads, or " + _SCALED),
    "multiprocessing.process": ("BaseProcess", "start", "multiprocessing", _SUBPROCESS + ", or threads"),
}


class NotSupported(NotImplementedError):
    """A guest asked for what the region's virtual time does not have."""


def refuse(what, instead):
    """Raises NotSupported, after having told the console."""
    text = "%s is not supported in a guest on virtual time: %s" % (what, instead)
    here = connection.current()
    if here is not None:
        here.ask(b"L " + text.encode().replace(b"\n", b" "))
    print("spotproof: " + text, file=sys.stderr, flush=True)
    raise NotSupported(text)


def _refusal(what, instead):
    def refused(*_args, **_options):
        refuse(what, instead)

    return refused


class _Hook(importlib.abc.MetaPathFinder):
    """Replaces methods of modules that most guests never import, when one does."""

    def find_spec(self, name, path=None, target=None):
        if name not in _METHODS:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module):
                execute(module)
                _replace(module)

            spec.loader.exec_module = exec_module
        return spec


def _replace(module):
    kind, method, what, instead = _METHODS[module.__name__]
    setattr(getattr(module, kind), method, _refusal(what, instead))


def table():
    """What is refused, with what to do instead."""
    functions = [("%s.%s" % (module.__name__, name), instead) for module, names in _FUNCTIONS.items() for name, instead in names.items()]
    return functions + [(what, instead) for _kind, _method, what, instead in _METHODS.values()]


def install():
    for module, names in _FUNCTIONS.items():
        for name, instead in names.items():
            if hasattr(module, name):
                setattr(module, name, _refusal("%s.%s" % (module.__name__, name), instead))
    for name in _METHODS:
        if name in sys.modules:
            _replace(sys.modules[name])
    sys.meta_path.insert(0, _Hook())
