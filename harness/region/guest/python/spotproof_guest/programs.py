"""Which program a guest runs for a name, and the environment that keeps a child on the region's clock."""
import os
import re

_SYSTEM_FOLDERS = {"/bin", "/usr/bin", "/sbin", "/usr/sbin", "/usr/local/bin"}
PYTHON = re.compile(r"python(3(\.\d+)?)?$")
# What puts a child on the clock, whatever its parent makes of the environment.
_KEPT = ("SPOTPROOF_CLOCK", "SPOTPROOF_PACE", "SPOTPROOF_ACTOR", "SPOTPROOF_SEED", "SPOTPROOF_BOOT", "SPOTPROOF_BIN", "SPOTPROOF_PYTHON",
         "SPOTPROOF_HELPERS", "SPOTPROOF_FORK", "SPOTPROOF_GUEST", "SPOTPROOF_NETWORK", "SPOTPROOF_ROOT", "SPOTPROOF_UNIT", "PYTHONHASHSEED", "TZ", "DBUS_SYSTEM_BUS_ADDRESS", "SYSTEMD_OFFLINE")


def resolve(program):
    """The program that a guest runs for this name: its own `sleep`, the region's Python."""
    folder, name = os.path.split(program)
    if folder and folder not in _SYSTEM_FOLDERS:
        return program
    own = os.path.join(os.environ["SPOTPROOF_BIN"], name)
    if os.path.lexists(own):
        return own
    if PYTHON.match(name):
        return os.environ["SPOTPROOF_PYTHON"]
    return program


def environment(given):
    """The child's environment: what the caller gave, and what keeps it on the clock."""
    result = {os.fsdecode(name): os.fsdecode(value) for name, value in (os.environ if given is None else given).items()}
    for name in _KEPT:
        if name in os.environ:
            result[name] = os.environ[name]
    ours = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    paths = result.get("PYTHONPATH", "").split(os.pathsep)
    result["PYTHONPATH"] = os.pathsep.join([ours] + [path for path in paths if path and path != ours])
    own = os.environ.get("SPOTPROOF_BIN")
    if own and own not in result.get("PATH", "").split(os.pathsep):
        result["PATH"] = os.pathsep.join([own, result.get("PATH") or os.defpath])
    return result
