"""Writes N fictional records, half REL TO changes, half contacts: one a file, packed, or as JSON Lines.

usage: records.py N FOLDER [--as files|packed|lines] [--faulty K] [--seed S]

Seeded: the same arguments give the same bytes. With --faulty, every K-th record has a mistake in it."""
import argparse
import json
import os
import random

CODES = "AUS CAN GBR NZL FRA DEU POL UKR JPN KOR NOR ITA ESP NLD RUS CHN IRN PRK".split()
RANKS = ["head", "deputy", "senior", "working"]
# No file is larger than relto reads.
MOST_PACKED = 250_000
PURPOSES = ["exchange", "deconfliction", "negotiation", "consular"]


class Day(str):
    """A date, written without quotation marks in TOML."""


def record(number, chance):
    day = Day(f"20{chance.randint(18, 25)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}")
    common = {"marking": "U", "covert_action": "no", "basis": "sample"}
    if number % 2:
        before = sorted(chance.sample(CODES[:14], chance.randint(1, 5)))
        after = sorted(chance.sample(CODES, chance.randint(1, 6)))
        return "rel_to_change", {
            "id": f"RC-{number:07}", "title": f"Example series {number}", **common, "element": "DIA",
            "decided": day, "effective": day,
            "subject": {"type": "series", "name": f"Example Series {number % 997}"},
            "from": "SECRET//REL TO USA, " + ", ".join(before), "to": "SECRET//REL TO USA, " + ", ".join(after),
            "facts": "The release authorization of an example series was changed.",
            "significance_text": "Routine.", "purpose": "Example."}
    code = chance.choice(CODES)
    return "liaison_contact", {
        "id": f"LC-{number:07}", "title": f"Example contact {number}", **common, "element": "CIA",
        "official": {"title": "Officer", "rank": chance.choice(RANKS)}, "commenced": day, "ended": day,
        "mode": "call", "initiator": "us",
        "counterpart": {"country": code, "service": f"{code}-{number % 5}", "title": "Officer", "rank": "senior"},
        "topics": ["example"], "contact_purpose": chance.choice(PURPOSES),
        "facts": "A call took place.", "significance_text": "Routine.", "purpose": "Example."}


def toml(value):
    if isinstance(value, Day):
        return value
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


def write(count, folder, form="files", faulty=0, seed=7):
    """Writes the records into a folder: one a file, or up to MOST_PACKED in each, or all in one file of lines."""
    chance = random.Random(seed)
    os.makedirs(folder, exist_ok=True)
    packed = {"packed": "all.toml", "lines": "all.jsonl"}.get(form)
    out = open(f"{folder}/{packed}", "w") if packed else None
    for number in range(count):
        kind, fields = record(number, chance)
        if faulty and number % faulty == 0:
            fields["element"] = "CAI"
        if form == "lines":
            out.write(json.dumps({"kind": kind, **fields}) + "\n")
            continue
        text = f"[[{kind}]]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in fields.items())
        if form == "packed":
            if number and number % MOST_PACKED == 0:
                out.close()
                out = open(f"{folder}/all-{number // MOST_PACKED}.toml", "w")
            out.write(text + "\n")
            continue
        if number % 1000 == 0:
            os.makedirs(f"{folder}/{number // 1000:04}", exist_ok=True)
        with open(f"{folder}/{number // 1000:04}/{number:07}.toml", "w") as file:
            file.write(text)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("folder")
    parser.add_argument("--as", dest="form", choices=["files", "packed", "lines"], default="files")
    parser.add_argument("--faulty", type=int, default=0)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    write(args.count, args.folder, args.form, args.faulty, args.seed)
