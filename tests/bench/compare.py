"""Measures the whole check against bare parsing and against other checkers, in one run and on the same files.

usage: compare.py RELTO [COUNT…]        counts default to 1000 10000

Prints a Markdown table: CPU per record, as a ratio to `toml::from_str` into typed structs and to `relto check`, and the
peak of memory. Each figure is the best of three runs, of one from 100,000 records on; a tool is measured only up to the
count at which it still ends in reasonable time, and left out, with a word, where it is not installed
(`pip install taplo tombi check-jsonschema`)."""
import os
import shutil
import subprocess
import sys
import tempfile

import records

HERE = os.path.dirname(os.path.abspath(__file__))
ROUNDS = 3
# The most records that a tool is asked to check.
MOST = {"taplo": 10_000, "tombi": 10_000, "check-jsonschema": 10_000, "tomllib": 100_000}


def run(command, cwd=None):
    """Returns user and system seconds, the peak of memory in KiB, and the standard output of a command."""
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, cwd=cwd)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        head = out.read(1 << 16).decode(errors="replace")
    if child.returncode not in (0, 1):
        sys.exit(f"{command[0]}: exit {child.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss, head


def best(command, cwd=None, rounds=ROUNDS):
    """The least CPU of some runs; with batches of arguments, of all of them together."""
    batches = command if isinstance(command[0], list) else [command]
    results = []
    for _ in range(rounds):
        ran = [run(batch, cwd) for batch in batches]
        results.append((sum(one[0] for one in ran), max(one[1] for one in ran), ran[0][2]))
    return min(results)


def typed(binary, path, rounds):
    """CPU seconds of `toml::from_str` alone, as the small program reckons them."""
    results = []
    for _ in range(rounds):
        _, memory, out = run([binary, path])
        count, nanoseconds = out.split()
        results.append((int(nanoseconds) / 1e9, memory, count))
    return min(results)


def schema(folder):
    """A schema of the generated records for the other checkers: keys, types and words, as far as such a schema goes."""
    import json
    text, words = {"type": "string", "minLength": 1}, lambda *list: {"enum": list}
    table = lambda required, **fields: {
        "type": "object", "properties": fields, "required": required, "additionalProperties": False}
    date = {"type": ["string", "object"]}
    common = dict(
        id={"type": "string", "pattern": "^[A-Z0-9]+([._-][A-Z0-9]+)*$", "minLength": 3, "maxLength": 64}, title=text,
        marking=text, basis=words("official", "press", "sample"), covert_action=words("yes", "no", "undetermined"),
        element=words("CIA", "DIA", "NSA", "ODNI"), facts=text, significance_text=text, purpose=text)
    need = ["id", "title", "marking", "basis", "covert_action"]
    rank = words("head", "deputy", "senior", "working", "unknown")
    change = table(need, **common, decided=date, effective=date, subject=table(
        ["type", "name"], type=words("product", "series", "program", "standing_designation"), name=text),
        **{"from": text, "to": text})
    contact = table(
        need, **common, official=table(["title"], title=text, name=text, rank=rank), commenced=date, ended=date,
        mode=words("call", "meeting"), initiator=words("us", "foreign"), topics={"type": "array", "items": text},
        counterpart=table([], country=text, service=text, title=text, name=text, rank=rank),
        contact_purpose=words("exchange", "deconfliction", "negotiation", "consular"))
    root = table([], rel_to_change={"type": "array", "items": change}, liaison_contact={"type": "array", "items": contact})
    path = f"{folder}/records.schema.json"
    with open(path, "w") as file:
        json.dump({"$schema": "http://json-schema.org/draft-07/schema#", **root}, file)
    return path


def batched(command, files, size=5000):
    return [command + files[at:at + size] for at in range(0, len(files), size)]


def tools(folder, path, files):
    """The other checkers that are installed, and how each is called."""
    config = f"{folder}/tombi.toml"
    with open(config, "w") as file:
        file.write(f'[[schemas]]\npath = "{path}"\ninclude = ["**/*.toml"]\n')
    return {
        "taplo": batched(["taplo", "lint", "--schema", f"file://{path}"], files),
        "tombi": batched(["tombi", "lint", "--offline"], files),
        "check-jsonschema": batched(["check-jsonschema", "--schemafile", path, "--default-filetype", "toml"], files),
        "tomllib": [[sys.executable, "-c", "import sys, tomllib\nfor p in sys.stdin.read().split() if len(sys.argv) < 2 "
                     "else sys.argv[1:]: tomllib.load(open(p, 'rb'))", *batch] for batch in
                    (files[at:at + 5000] for at in range(0, len(files), 5000))],
    }


def main():
    relto, counts = os.path.abspath(sys.argv[1]), [int(one) for one in sys.argv[2:]] or [1000, 10_000]
    target = os.environ.get("CARGO_TARGET_DIR", os.path.join(tempfile.gettempdir(), "relto-bench-target"))
    subprocess.run(["cargo", "build", "--quiet", "--release", "--manifest-path", f"{HERE}/typed/Cargo.toml",
                    "--target-dir", target], check=True)
    bare = f"{target}/release/relto-bench-typed"
    print("| records | laid out | tool | µs CPU a record | of bare `toml` | of `relto check` | peak MiB | KiB a record |")
    print("|---:|---|---|---:|---:|---:|---:|---:|")
    for count in counts:
        rounds = ROUNDS if count < 1_000_000 else 1
        for form in ("files", "packed"):
            with tempfile.TemporaryDirectory() as folder:
                top = f"{folder}/records"
                records.write(count, top, form)
                files = sorted(f"{at}/{name}" for at, _, names in os.walk(top) for name in names)
                rows = {"toml::from_str, typed": typed(bare, top, rounds)}
                unit = rows["toml::from_str, typed"][0]
                check = [relto, "check", top, "--as-of", "2026-01-01"]
                rows["relto check"] = best([*check, "--format", "short"], rounds=rounds)
                of_relto = rows["relto check"][0]
                rows["relto check --format json"] = best([*check, "--format", "json"], rounds=rounds)
                for name, command in tools(folder, schema(folder), files).items():
                    if count > MOST[name]:
                        continue
                    if name != "tomllib" and not shutil.which(name):
                        print(f"{name} is not installed", file=sys.stderr)
                        continue
                    rows[name] = best(command, folder, 1 if name == "check-jsonschema" else rounds)
                for name, (seconds, memory, _) in rows.items():
                    print(f"| {count} | {form} | {name} | {seconds * 1e6 / count:.1f} | {seconds / unit:.2f} "
                          f"| {seconds / of_relto:.2f} | {memory / 1024:.0f} | {memory / count:.2f} |", flush=True)


if __name__ == "__main__":
    main()
