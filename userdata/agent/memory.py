"""What the kernel tells of memory: how many processes of the agent's unit, the job's among them, it has ended for want of it.
https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files"""


def oom_kills():
    """That number since the unit was started; None where the kernel does not tell (cgroup v1, no memory accounting)."""
    try:
        with open("/proc/self/cgroup") as file:
            group = next(line.strip()[len("0::"):] for line in file if line.startswith("0::"))
        with open("/sys/fs/cgroup%s/memory.events" % group) as file:
            return next(int(line.split()[1]) for line in file if line.startswith("oom_kill "))
    except (OSError, StopIteration, ValueError):
        return None
