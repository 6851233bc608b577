"""No file over 500 lines, no function over 60: beyond that nobody reads them."""

import ast
from pathlib import Path

from tests.architecture.house import ROOT, python_files

FILE, FUNCTION = 500, 60


def too_long(name: str, text: str) -> list[str]:
    """The file, and the functions in it, that are over the limits."""
    faults = [f"{name}: {lines} lines"] if (lines := len(text.splitlines())) > FILE else []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            length = node.end_lineno - node.lineno + 1
            if length > FUNCTION:
                faults.append(f"{name}:{node.lineno} {node.name}: {length} lines")
    return faults


def test_files_and_functions_are_short():
    folders: list[Path] = [ROOT / "src", ROOT / "tests"]
    faults = [
        fault
        for folder in folders
        for path in python_files(folder)
        for fault in too_long(str(path.relative_to(ROOT)), path.read_text())
    ]
    assert faults == []


def test_a_long_file_and_a_long_function_are_found():
    assert too_long("x.py", "\n" * 501) == ["x.py: 501 lines"]
    assert too_long("x.py", "def f():\n" + "    1\n" * 60) == ["x.py:1 f: 61 lines"]
