"""Randomness from the run's seed, another stream for each process: random, os.urandom, and with it uuid4, secrets and tempfile."""
import os
import random

_source = None


def seed(text):
    """Starts this process's streams."""
    global _source
    _source = random.Random("%s/urandom" % text)
    random.seed("%s/random" % text)


def urandom(size):
    if _source is None:
        return _urandom(size)
    return _source.getrandbits(8 * size).to_bytes(size, "little") if size else b""


_urandom = os.urandom


def install():
    own_seed = random.Random.seed

    def reseed(self, a=None, version=2):
        # No seed: Python would take the operating system's entropy.
        own_seed(self, int.from_bytes(urandom(32), "little") if a is None else a, version)

    random.Random.seed = reseed
    random.seed = random._inst.seed
    os.urandom = random._urandom = urandom
    if hasattr(os, "getrandom"):
        os.getrandom = lambda size, flags=0: urandom(size)
    import uuid

    # Version 1 takes the time from time.time_ns, and no machine's address.
    uuid._generate_time_safe = None
    uuid._node = 0x02_00_00_00_00_01
