"""The cloud-config template and the files that it carries."""
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
        self.carried = re.findall(r'"@@FILE:([^@"]+)@@"', self.template)

    def test_it_carries_every_file_of_the_agent_and_the_workload(self):
        files = [os.path.relpath(path, USERDATA) for folder in ("agent", "workload") for path in glob.glob(os.path.join(USERDATA, folder, "*.py"))]
        self.assertEqual(sorted(self.carried), sorted(files))

    def test_each_module_lies_where_the_agent_looks_for_it(self):
        paths = re.findall(r'path: /opt/spotproof/(\S+)\n    content: "@@FILE:([^@"]+)@@"', self.template)
        self.assertEqual(len(paths), len(self.carried))
        for path, name in paths:
            self.assertEqual(path, name[len("agent/"):] if name.startswith("agent/") else name)

    def test_the_unit_gives_the_agent_the_time_that_it_counts_on(self):
        import agent
        self.assertIn("TimeoutStopSec=%d\n" % agent.GRACE_SECONDS, self.template)
        self.assertIn("KillMode=mixed\n", self.template)

    def test_the_settings_file_has_what_the_agent_reads(self):
        asked = set(re.findall(r'settings(?:\[|\.get\()"(\w+)"', read("agent", "agent.py")))
        self.assertLessEqual(asked, set(re.findall(r"^ +(SPOTPROOF_\w+)=@@SETTING:", self.template, re.M)))

    def test_no_absolute_path_is_used_by_the_agent(self):
        for name in self.carried:
            for node in ast.walk(ast.parse(read(name))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    self.assertNotRegex(node.value, r"^/\w", "%s:%d" % (name, node.lineno))

    def test_the_files_are_python_3_9(self):
        for name in self.carried:
            ast.parse(read(name), feature_version=(3, 9))


if __name__ == "__main__":
    unittest.main()
