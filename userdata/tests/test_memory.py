"""What the kernel tells of memory that has run out."""
import builtins
import io
import unittest
from unittest import mock

from . import fakes  # noqa: F401 (the agent's folder on the path)

from memory import oom_kills

GROUP = "0::/system.slice/spotproof-agent.service\n"
EVENTS = "low 0\nhigh 0\nmax 0\noom 1\noom_kill 3\noom_group_kill 0\n"


class Kills(unittest.TestCase):
    def kills(self, **files):
        paths = {"/proc/self/cgroup": files.get("group"), "/sys/fs/cgroup/system.slice/spotproof-agent.service/memory.events": files.get("events")}

        def opened(path, *_):
            if paths.get(path) is None:
                raise FileNotFoundError(path)
            return io.StringIO(paths[path])

        with mock.patch.object(builtins, "open", opened):
            return oom_kills()

    def test_they_are_the_units_own(self):
        self.assertEqual(self.kills(group=GROUP, events=EVENTS), 3)

    def test_where_the_kernel_does_not_tell_nothing_is_known(self):
        for files in ({}, {"group": GROUP}, {"group": "4:memory:/x\n"}, {"group": GROUP, "events": "low 0\n"}, {"group": GROUP, "events": "oom_kill many\n"}):
            with self.subTest(files):
                self.assertIsNone(self.kills(**files))


if __name__ == "__main__":
    unittest.main()
