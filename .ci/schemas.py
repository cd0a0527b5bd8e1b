"""Holds the JSON Schemas that relto prints against three readers of TOML: `schemas.py TOOLS RELTO REPOSITORY FOLDER`.

taplo, tombi and check-jsonschema must accept every sample, pack and right example, and reject each wrong example whose
mistake JSON Schema can say.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

tools, relto, repository, work = (Path(argument) for argument in sys.argv[1:])
bin = tools / "venv/bin"
SAYABLE = """unknown-kind unknown-key unknown-value wrong-type missing-field bad-date bad-id unknown-country-code
hidden-character lookalike-character orphan-resume unknown-field wrong-test unknown-pack""".split()
# A name of a pack is a list of words that only relto knows.
SAYABLE.remove("unknown-pack")
RECORD = {"id": '"X-1"', "title": '"An example"', "marking": '"U"', "basis": '"sample"', "covert_action": '"no"'}
RULE = {
    "id": '"OWN-1"', "title": '"An example"', "status": '"model"', "authority": '["model"]',
    "applies_to": '["liaison_contact"]', "effective": "{ from = 2000-01-01 }",
}


def filled(lines, keys):
    own = {re.split(r"[ =.]", line)[0] for line in lines.split("\n[")[0].splitlines()}
    return "".join(f"{key} = {value}\n" for key, value in keys.items() if key not in own) + lines + "\n"


def document(form, text):
    """The kind of file that an example belongs into, and the whole of it."""
    if form.startswith("record "):
        return "records", f"[[{form[7:]}]]\n{filled(text, RECORD)}"
    if form == "file":
        return "records", text
    if form == "settings":
        return "config", text
    if form == "rule":
        effect = '"notify"' if "[[rule.duty]]" in text else '"advise"'
        first, *more = filled(text, {**RULE, "effect": effect}).split("[[rule]]\n")
        rules = [first, *(f"effective = {RULE['effective']}\n{rule}" for rule in more)]
        return "policy", "[pack]\nid = \"own\"\ntitle = \"Own\"\n\n[[rule]]\n" + "[[rule]]\n".join(rules)
    return None, None


good, bad = [], []
for which in ("records", "policy", "config"):
    (work / which).mkdir(parents=True)
    schema = work / f"{which}.json"
    schema.write_text(subprocess.run([relto, "schema", which], capture_output=True, text=True, check=True).stdout)
pages = (repository / "policy/explain/codes.md").read_text()
for section in re.split(r"(?m)^## ", pages)[1:]:
    code = section.split("\n")[0]
    for verdict, form, text in re.findall(r"```toml (wrong|right) ([^\n]+)\n(.*?)```", section, re.S):
        which, whole = document(form, text)
        if which is None or (verdict == "wrong" and code not in SAYABLE):
            continue
        path = work / which / f"{code}-{verdict}.toml"
        path.write_text(f"#:schema ../{which}.json\n\n{whole}")
        (good if verdict == "right" else bad).append(path)
folders = {"records": "templates/workspaces/*/records/*.toml", "policy": "policy/*.toml", "config": "templates/workspaces/*/relto.toml"}
for which, pattern in folders.items():
    for source in repository.glob(pattern):
        if source.name != "recipients.toml":
            path = work / which / f"{source.parent.parent.name}-{source.name}"
            path.write_text(f"#:schema ../{which}.json\n\n{source.read_text()}")
            good.append(path)
for source in (repository / "tests/cases/bad/records").glob("[ab]-*.toml"):
    path = work / "records" / f"case-{source.name}"
    path.write_text(f"#:schema ../records.json\n\n{source.read_text()}")
    bad.append(path)


# The packs that the tests of packs have, most with mistakes. What these say hangs on another part of the pack, and a rule
# for reference alone may name fields that no record has.
OTHERWISE = {"contents", "everything", "parameter-references", "set-of-other-words", "unknown-code-in-a-set"}
SAYABLE_OF_PACKS = set("missing-field unknown-key unknown-kind unknown-value wrong-type bad-id unknown-country-code".split())
for source in sorted((repository / "tests/policy").glob("*.toml")):
    text = source.read_text()
    codes = set(re.findall(r"(?m)^#> ([a-z-]+)", text))
    sayable = bool(codes & SAYABLE_OF_PACKS) or not codes
    if sayable and "#--- next pack" not in text and source.stem not in OTHERWISE:
        path = work / "policy" / f"test-{source.name}"
        path.write_text(f"#:schema ../policy.json\n\n{text}")
        (bad if codes else good).append(path)


def readers(which, paths):
    schema = work / f"{which}.json"
    yield "check-jsonschema", [bin / "check-jsonschema", "--schemafile", schema, *paths]
    yield "taplo", [bin / "taplo", "check", "--schema", f"file://{schema}", *paths]
    yield "tombi", [bin / "tombi", "lint", "--offline", *paths]


subprocess.run([bin / "check-jsonschema", "--check-metaschema", *(work / f"{which}.json" for which in folders)], check=True)
wrong = []
# What is to be accepted is read in one go; what is to be rejected, file by file.
runs = [(which, [path for path in good if path.parent.name == which], True) for which in folders]
runs += [(path.parent.name, [path], False) for path in bad]
for which, paths, accepted in runs:
    for name, command in readers(which, paths):
        run = subprocess.run(command, capture_output=True, text=True, cwd=work, env={**os.environ, "NO_COLOR": "1"})
        if (run.returncode == 0) != accepted:
            words = [line for line in (run.stdout + run.stderr).splitlines() if "rror" in line or "at " in line]
            names = which if accepted else paths[0].name
            wrong.append(f"{name} {'rejects' if accepted else 'accepts'} {names}: {' '.join(words[:6])[:900]}")
print("\n".join(wrong))
print(f"{len(good)} files accepted, {len(bad)} rejected, by three readers, but for {len(wrong)}")
sys.exit(bool(wrong))
