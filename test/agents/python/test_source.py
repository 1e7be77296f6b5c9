"""Rules for the package and its tests that no type states."""

import ast
import os
import re
import subprocess
import sys
import unittest

from support import PACKAGE, ROOT

OLDEST = (3, 9)
MAX_LINES = 300


def sources(*folders):
    found = []
    for folder in folders:
        for parent, _, files in os.walk(folder):
            found += [os.path.join(parent, name) for name in files if name.endswith(".py")]
    return sorted(found)


PRODUCT = sources(PACKAGE)
EVERYTHING = PRODUCT + sources(os.path.dirname(os.path.abspath(__file__)))


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


class Sources(unittest.TestCase):
    def test_every_file_is_there_and_is_python_3_9(self) -> None:
        self.assertGreater(len(PRODUCT), 40)
        for path in EVERYTHING:
            ast.parse(read(path), path, feature_version=OLDEST)

    def test_unions_with_a_bar_are_never_evaluated(self) -> None:
        """`X | Y` of types runs from 3.10 only; in an annotation it may stand where annotations are not evaluated."""
        for path in EVERYTHING:
            tree = ast.parse(read(path), path)
            deferred = any(
                isinstance(node, ast.ImportFrom) and node.module == "__future__" and node.names[0].name == "annotations"
                for node in tree.body
            )
            bars = [node for node in self.annotations(tree) for part in ast.walk(node) if self.is_bar(part)]
            self.assertTrue(deferred or not bars, path)
            # Dataclasses are read with get_type_hints, which evaluates them after all.
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef) and any("dataclass" in ast.dump(mark) for mark in node.decorator_list):
                    parts = [part for item in node.body if isinstance(item, ast.AnnAssign) for part in ast.walk(item.annotation)]
                    self.assertFalse([part for part in parts if self.is_bar(part)], path)

    def annotations(self, tree):
        for node in ast.walk(tree):
            if isinstance(node, (ast.AnnAssign, ast.arg)) and node.annotation is not None:
                yield node.annotation
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.returns is not None:
                yield node.returns

    def is_bar(self, node):
        return isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr)

    def test_one_file_knows_the_websockets_library_and_nothing_else_comes_from_outside(self) -> None:
        standard = set(getattr(sys, "stdlib_module_names", ())) or None
        knowing = []
        for path in PRODUCT:
            for node in ast.walk(ast.parse(read(path), path)):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and node.level == 0:
                    names = [node.module or ""]
                for name in (name.split(".")[0] for name in names):
                    if name == "websockets":
                        knowing.append(os.path.relpath(path, PACKAGE))
                    elif standard is not None:
                        self.assertIn(name, standard | {"bellhop", "checkout"}, path)
        self.assertEqual(sorted(set(knowing)), ["bellhop/dial.py"])

    def test_without_that_library_the_package_says_how_to_get_it(self) -> None:
        program = "import sys; sys.modules['websockets'] = None; import bellhop"
        ended = subprocess.run(
            [sys.executable, "-B", "-c", program], cwd=PACKAGE, capture_output=True, encoding="utf-8", check=False
        )
        self.assertEqual(ended.returncode, 1)
        self.assertIn("ModuleNotFoundError: Bellhop needs the Python library websockets. Install it: pip ", ended.stderr)
        self.assertNotIn("During handling", ended.stderr)

    def test_no_file_has_more_than_300_lines(self) -> None:
        self.assertEqual([path for path in PRODUCT if len(read(path).splitlines()) > MAX_LINES], [])

    def test_every_module_of_the_package_says_what_it_is(self) -> None:
        self.assertEqual([path for path in PRODUCT if not ast.get_docstring(ast.parse(read(path)))], [])

    def test_every_package_is_in_the_build_and_versions_agree(self) -> None:
        project = read(os.path.join(PACKAGE, "pyproject.toml"))
        packages = {
            os.path.relpath(parent, PACKAGE).replace(os.sep, ".")
            for parent, _, files in os.walk(os.path.join(PACKAGE, "bellhop"))
            if "__init__.py" in files
        }
        listed = re.search(r"packages = \[(.*)\]", project)
        assert listed is not None
        self.assertEqual(set(re.findall(r'"([^"]+)"', listed.group(1))), packages)
        version = re.search(r'^version = "(.*)"$', project, re.MULTILINE)
        ours = re.search(r'SOFTWARE_VERSION = "(.*)"', read(os.path.join(PACKAGE, "bellhop", "version.py")))
        hubs = re.search(r"softwareVersion = '(.*)'", read(os.path.join(ROOT, "protocol", "version.ts")))
        assert version and ours and hubs
        self.assertEqual({version.group(1), ours.group(1)}, {hubs.group(1)})

    def test_tests_wait_for_events_and_never_sleep(self) -> None:
        for path in sources(os.path.dirname(os.path.abspath(__file__))):
            calls = [ast.dump(node.func) for node in ast.walk(ast.parse(read(path))) if isinstance(node, ast.Call)]
            self.assertFalse([call for call in calls if "'sleep'" in call], path)


if __name__ == "__main__":
    unittest.main()
