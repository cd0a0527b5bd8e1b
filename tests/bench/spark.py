"""Runs `relto check --stdin` over the partitions of a local Spark and in one process, and compares the sorted lines.

usage: spark.py RELTO [COUNT [PARTITIONS]]     needs pyspark (`pip install pyspark`) and Java

Contacts are kept together by the fields that `relto policy list --partition-keys` names for their windows; a REL TO
change stands alone and goes by its id."""
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time

import records


def key(line):
    """The partition key of a record: what the windows of its kind count by, else its id."""
    record = json.loads(line)
    if record["kind"] == "liaison_contact":
        other = record["counterpart"]
        return f"{other['country']} {other['service']}"
    return record["id"]


def digest(lines):
    """How many lines, and one hash over all of them sorted."""
    lines = sorted(lines)
    return len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest()


def main():
    relto = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    parts = int(sys.argv[3]) if len(sys.argv) > 3 else 8
    command = [relto, "check", "--stdin", "--format", "json-lines", "--as-of", "2026-01-01", "-q"]
    keys = subprocess.run([relto, "policy", "list", "--partition-keys", "--format", "json"], capture_output=True,
                          check=True, text=True)
    for one in json.loads(keys.stdout)["partition_keys"]:
        if one["enabled"]:
            print(f"{one['rule']}: {', '.join(one['kinds'])} by {', '.join(one['same'])} ({one['why']})")
    with tempfile.TemporaryDirectory() as folder:
        records.write(count, folder, "lines")
        path = f"{folder}/all.jsonl"
        start = time.monotonic()
        with open(path) as lines:
            alone = subprocess.run(command, stdin=lines, capture_output=True, text=True)
        one_process = digest(alone.stdout.splitlines())
        print(f"one process:        {count} records, {one_process[0]} lines, sha256 {one_process[1][:16]}, "
              f"{time.monotonic() - start:.1f} s, exit {alone.returncode}")

        from pyspark.sql import SparkSession
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        spark = (SparkSession.builder.master("local[2]").appName("relto").config("spark.ui.enabled", "false")
                 .config("spark.driver.memory", "2g").getOrCreate())
        spark.sparkContext.setLogLevel("ERROR")
        start = time.monotonic()
        lines = (spark.sparkContext.textFile(path, parts)
                 .keyBy(key).partitionBy(parts).values()
                 .pipe(" ".join(command), checkCode=False))
        piped = digest(lines.toLocalIterator())
        print(f"Spark {spark.version}, {parts} parts: {count} records, {piped[0]} lines, sha256 {piped[1][:16]}, "
              f"{time.monotonic() - start:.1f} s")
        spark.stop()
    print("the same lines" if piped == one_process else "THE LINES DIFFER")
    return piped != one_process


if __name__ == "__main__":
    sys.exit(main())
