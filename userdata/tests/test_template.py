"""The cloud-config template, and the files that instances run."""
import ast
import glob
import os
import re
import unittest

from .fakes import HERE

USERDATA = os.path.normpath(os.path.join(HERE, ".."))


def read(*parts):
    with open(os.path.join(USERDATA, *parts)) as file:
        return file.read()


class Template(unittest.TestCase):
    def setUp(self):
        self.template = read("cloud-config.yaml")
        self.files = [os.path.relpath(path, USERDATA) for folder in ("loader", "agent", "workload") for path in glob.glob(os.path.join(USERDATA, folder, "*.py"))]

    def test_it_carries_the_loader_alone(self):
        self.assertEqual(re.findall(r'path: (\S+)\n    content: "@@FILE:([^@"]+)@@"', self.template), [("/opt/spotproof/loader.py", "loader/loader.py")])
        self.assertIn("ExecStart=/usr/bin/python3 /opt/spotproof/loader.py\n", self.template)

    def test_the_unit_gives_the_agent_the_time_that_it_counts_on(self):
        import agent
        self.assertIn("TimeoutStopSec=%d\n" % agent.GRACE_SECONDS, self.template)
        self.assertIn("KillMode=mixed\n", self.template)

    def test_the_settings_file_has_what_loader_and_agent_read(self):
        asked = set(re.findall(r'settings(?:\[|\.get\()"(SPOTPROOF_\w+)"', "".join(read(name) for name in self.files)))
        self.assertIn("SPOTPROOF_AGENT_SHA256", asked)
        self.assertLessEqual(asked, set(re.findall(r"^ +(SPOTPROOF_\w+)=@@SETTING:", self.template, re.M)))

    def test_no_absolute_path_is_used(self):
        for name in self.files:
            for node in ast.walk(ast.parse(read(name))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    # What a guest makes up at run time is not its own; every process has the same /proc and /sys.
                    self.assertNotRegex(node.value, r"^/(?!proc/|sys/)\w", "%s:%d" % (name, node.lineno))

    def test_the_files_are_python_3_9(self):
        for name in self.files:
            ast.parse(read(name), feature_version=(3, 9))


if __name__ == "__main__":
    unittest.main()
