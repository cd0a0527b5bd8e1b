"""Validates the files NAME.FORMAT of a folder: `formats.py TOOLS FOLDER`."""

import json
import re
import sys
from pathlib import Path

import jsonschema
import yaml
from lxml import etree

tools, work = Path(sys.argv[1]), Path(sys.argv[2])
SARIF = jsonschema.Draft7Validator(json.loads((tools / "sarif-2.1.0.json").read_text()))
JUNIT = etree.XMLSchema(etree.parse(str(tools / "junit-10.xsd")))
GITLAB = jsonschema.Draft202012Validator({
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/.]"},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
})
COMMAND = re.compile(r"^::(error|warning|notice) file=[^,:]+,line=\d+,endLine=\d+,(col=\d+,endColumn=\d+,)?title=[^,:]+::[^\r\n]+$")


def sarif(path):
    log = json.loads(path.read_text())
    for error in SARIF.iter_errors(log):
        raise SystemExit(f"{path.name}: {error.json_path}: {error.message}")
    results = log["runs"][0]["results"]
    assert all(result["locations"] for result in results)
    suppressed = sum(bool(result["suppressions"]) for result in results)
    return f"{len(results)} results, {suppressed} suppressed"


def junit(path):
    tree = etree.parse(str(path))
    if not JUNIT.validate(tree):
        raise SystemExit(f"{path.name}: {JUNIT.error_log}")
    root = tree.getroot()
    assert int(root.get("tests")) == len(root.findall(".//testcase"))
    assert int(root.get("failures")) == len(root.findall(".//failure"))
    return f"{root.get('tests')} test cases, {root.get('failures')} failures, {len(root.findall('.//skipped'))} skipped"


def github(path):
    lines = path.read_text().splitlines()
    for line in lines:
        assert COMMAND.match(line), f"{path.name}: {line}"
    return f"{len(lines)} annotations"


def gitlab(path):
    entries = json.loads(path.read_text())
    for error in GITLAB.iter_errors(entries):
        raise SystemExit(f"{path.name}: {error.json_path}: {error.message}")
    assert len({entry["fingerprint"] for entry in entries}) == len(entries), f"{path.name}: equal fingerprints"
    return f"{len(entries)} entries"


def tap(path):
    lines = path.read_text().splitlines()
    assert lines[0] == "TAP version 14"
    count, block = 0, None
    for line in lines[2:]:
        if line == "  ---":
            block = []
        elif line == "  ...":
            assert yaml.safe_load("\n".join(block))["message"]
            block = None
        elif block is not None:
            block.append(line[2:])
        else:
            count += 1
            assert re.match(rf"^(not )?ok {count} - ([^#\\]|\\[#\\])+( # SKIP .+)?$", line), f"{path.name}: {line}"
    assert lines[1] == f"1..{count}"
    return f"{count} points"


def lines(path):
    document = json.loads(path.with_suffix(".json").read_text())
    found = [json.loads(line) for line in path.read_text().splitlines()]
    assert len(found) == len(document["diagnostics"]) + len(document["obligations"])
    return f"{len(found)} lines"


CHECKS = {".sarif": sarif, ".junit": junit, ".github": github, ".gitlab": gitlab, ".tap": tap, ".json-lines": lines}
seen = set()
for path in sorted(work.iterdir()):
    check = CHECKS.get(path.suffix)
    if check:
        print(f"{path.name}: valid, {check(path)}")
        seen.add(path.suffix)
assert seen == set(CHECKS), "every format was looked at"
