"""Notices side by side in one run, on the same content: `notices.py RELTO [--letter NAME] [--notices N] [--memory N] [--rounds N]`.

relto, one Typst process per notice (one after the other, and one on every core), and WeasyPrint; and the memory of relto
over a hundred notices and many. Needs `pip install typst weasyprint`, pdftotext, and the templates of the same version as
RELTO (`--templates DIR` where the repository's are newer). Wall-clock times count on a machine that does nothing else; the
CPU times beside them hold on a busy one, too.

What is held against what:

- `--letter exchange` (the default) is the shortest letter of the exercise, `--letter rel-to-change` one of its longest. The
  notices of a run are of one record under many names; in each, every narrative ends in words of its own, because real
  notices share their letterhead and closing and not what they report. Typst and WeasyPrint get the same words.
- A Typst process sets the very page that relto ends up with, to the same standards (PDF/UA-1 and PDF/A-2a). It does less
  than relto: it checks no page, computes no hash, writes no manifest, and need not find out that smaller letters save a page.
- PyPI carries the compiler, so a Typst process is Python's here. What bare Python takes to start is taken off it. What
  importing Typst takes is not: that is the compiler's own loading, which a process of its own pays in any language.
- WeasyPrint gets a process for all notices and is measured warm. It sets the copy of the notice that `relto notice --html`
  writes: the same words, headings and tables, the banner on every page. (The words alone, one paragraph a line, took it a
  third of that time.)
"""

import argparse
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SET = "import sys, typst; typst.compile(sys.argv[1] + '/frame.typ', output=sys.argv[1] + '/out.pdf', root=sys.argv[1], ignore_system_fonts=True, pdf_standards=['ua-1', 'a-2a'])"
WEASY = """
import sys, time, weasyprint
texts = [open(name).read() for name in sys.argv[1:]]
weasyprint.HTML(string=texts[0]).write_pdf(pdf_variant="pdf/ua-1")
wall, cpu = time.perf_counter(), time.process_time()
for text in texts:
    weasyprint.HTML(string=text).write_pdf(pdf_variant="pdf/ua-1")
print((time.perf_counter() - wall) / len(texts), (time.process_time() - cpu) / len(texts))
"""


def sample(relto, folder, letter):
    """The data of a sample as a Typst module, and the record it is of: from what relto ejects for editors."""
    subprocess.run([relto, "init", "-q", folder], check=True)
    subprocess.run([relto, "template", "eject", "-q", letter], cwd=folder, check=True)
    module = (folder / "templates/relto.typ").read_text()
    record = re.search(r'"records": \("([^"]+)"', module).group(1)
    for path in (REPOSITORY / "templates/workspaces").rglob("*.toml"):
        text = path.read_text()
        if f'id = "{record}"' in text and path.parent.name == "records":
            blocks = re.split(r"(?m)^(?=\[\[)", text)
            return module, record, next(block for block in blocks if f'id = "{record}"' in block), path.parents[1]
    raise SystemExit(f"no embedded workspace has {record}")


WORDS = "harbor lantern keeper island signal winter ferry tower stone chart pilot coast beacon glass anchor store".split()


def varied(record, text, module):
    """Two functions of a number: the record and the data, each with another name and other words in every narrative."""
    narratives = re.findall(r'(?m)^\w+ = "(?:\([^)]*\) )?([^"\\\n]{25,})"$', text)
    narratives = [one for one in narratives if one.endswith(".") and f'"{one}"' in module]
    assert narratives, "no narrative of the record is in the data of its letter"

    def change(whole, number):
        dice = random.Random(number)
        for one in narratives:
            whole = whole.replace(f'{one}"', f'{one} It is about the {" ".join(dice.choices(WORDS, k=5))}."')
        return whole

    def name(number):
        return f"{record}-{number:06}"

    records = lambda number: change(text, number).replace(f'id = "{record}"', f'id = "{name(number)}"')
    modules = lambda number: re.sub(rf"\b{record}\b", name(number), change(module, number))
    return records, modules


def workspace(folder, records, of, count):
    """A workspace of `count` records."""
    (folder / "records").mkdir(parents=True)
    shutil.copy(of / "relto.toml", folder / "relto.toml")
    for at in range(0, count, 1000):
        block = [records(n) for n in range(at, min(at + 1000, count))]
        (folder / f"records/r{at:06}.toml").write_text("\n".join(block))


def written(folder):
    return sorted(folder.glob("*.pdf"))


def tree(root):
    """The processes below one."""
    found = [root]
    for process in found:
        try:
            for task in os.listdir(f"/proc/{process}/task"):
                found += map(int, Path(f"/proc/{process}/task/{task}/children").read_text().split())
        except OSError:
            pass
    return found


def resident(process):
    try:
        return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text()).group(1)) / 1024
    except (OSError, AttributeError):
        return 0.0


def notice(relto, folder):
    """Runs `relto notice`: wall-clock and CPU seconds, PDFs, and the most memory in MiB of all its processes together."""
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    begun, cpu = time.perf_counter(), used()
    run = subprocess.Popen([relto, "notice", "-q", "--as-of", "2026-01-15", "-o", out], cwd=folder)
    most = 0.0
    over = threading.Event()

    def watch():
        nonlocal most
        while not over.wait(0.05):
            most = max(most, sum(map(resident, tree(run.pid))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = run.wait()
    spent = (time.perf_counter() - begun, used() - cpu)
    over.set()
    watcher.join()
    assert code == 0, f"relto ended with {code}"
    return spent, len(written(out)), most


def roots(folder, modules, templates, count, snug):
    """One Typst project per notice: shared files by link, and a module of its own."""
    shared = folder / "shared"
    shutil.copytree(templates / "letters", shared / "letters")
    shutil.copytree(templates / "parts", shared / "parts")
    for name in ("frame.typ", "helpers.typ"):
        shutil.copy(templates / name, shared / name)
    made = []
    for n in range(count):
        root = folder / f"n{n}"
        root.mkdir()
        for name in ("letters", "parts", "frame.typ", "helpers.typ"):
            # Typst reads nothing outside its root, and a link counts as what it leads to: hard links for files.
            if (shared / name).is_dir():
                shutil.copytree(shared / name, root / name, copy_function=os.link)
            else:
                os.link(shared / name, root / name)
        module = modules(n).replace('"/.relto/parts/', '"/parts/')
        (root / "relto.typ").write_text(module.replace("#let snug = false", f"#let snug = {str(snug).lower()}"))
        made.append(root)
    return made


def python(code, *args):
    subprocess.run([sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}", *map(str, args)], check=True)


def pages(pdf):
    return subprocess.run(["pdftotext", pdf, "-"], capture_output=True, check=True).stdout.count(b"\f")


def projects_like(folder, modules, templates, count, wanted):
    """Projects that come out with as many pages as relto's notices."""
    for snug in (False, True):
        made = roots(folder / str(snug), modules, templates, count, snug)
        python(SET, made[0])
        if pages(made[0] / "out.pdf") == wanted:
            return made
    raise SystemExit(f"Typst alone does not come to {wanted} pages; are the templates of the version of relto?")


def used():
    """CPU seconds of all processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def timed(work, count):
    """Wall-clock and CPU seconds of one of `count` pieces of work."""
    begun, cpu = time.perf_counter(), used()
    work()
    return (time.perf_counter() - begun) / count, (used() - cpu) / count


def less(spent, start):
    return tuple(whole - part for whole, part in zip(spent, start))


def middle(pairs):
    return tuple(statistics.median(one) for one in zip(*pairs))


def as_html(relto, folder):
    """The copy of a notice in HTML: its words, headings and tables, and the banner on every page."""
    out = folder / "html"
    subprocess.run([relto, "notice", "-q", "--html", "--as-of", "2026-01-15", "-o", out], cwd=folder, check=True)
    return sorted(out.glob("*.html"))[0].read_text()


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("relto", type=Path)
    options.add_argument("--letter", default="exchange")
    options.add_argument("--notices", type=int, default=200)
    options.add_argument("--memory", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--templates", type=Path, default=REPOSITORY / "templates")
    asked = options.parse_args()
    relto = asked.relto.resolve()
    cores = os.cpu_count()
    with tempfile.TemporaryDirectory() as place:
        place = Path(place)
        module, record, text, of = sample(relto, place / "eject", asked.letter)
        records, modules = varied(record, text, module)
        workspace(place / "few", records, of, 1)
        copies = notice(relto, place / "few")[1]
        workspace(place / "many", records, of, asked.notices // copies)
        first = written(place / "few/out")[0]
        length = pages(first)
        projects = projects_like(place / "projects", modules, asked.templates, asked.notices, length)
        page = as_html(relto, place / "few")
        sheets = []
        for n in range(10):
            sheets.append(place / f"{n}.html")
            sheets[-1].write_text(page.replace(f"{record}-000000", f"{record}-{n:06}"))
        ours, one, all_, weasy = [], [], [], []
        for _ in range(asked.rounds):
            spent, count, _ = notice(relto, place / "many")
            ours.append(tuple(part / count for part in spent))
            start = timed(lambda: [python("") for _ in range(5)], 5)
            some = projects[: max(20, asked.notices // 5)]
            one.append(less(timed(lambda: [python(SET, root) for root in some], len(some)), start))
            with ThreadPoolExecutor(cores) as pool:
                starts = timed(lambda: list(pool.map(lambda _: python(""), range(5 * cores))), 5 * cores)
                side = timed(lambda: list(pool.map(lambda root: python(SET, root), projects)), len(projects))
            all_.append(less(side, starts))
            run = subprocess.run([sys.executable, "-c", WEASY, *map(str, sheets)], capture_output=True, text=True, check=True)
            weasy.append(tuple(map(float, run.stdout.split())))
        ours, one, all_, weasy = map(middle, (ours, one, all_, weasy))
        long = "1 page" if length == 1 else f"{length} pages"
        print(f"{asked.notices} notices like {record} ({long}), {cores} cores, median of {asked.rounds} rounds, for one notice")
        for name, (wall, cpu), bar in (
            ("relto notice", ours, None),
            ("typst, one process after the other", one, 6),
            (f"typst, {cores} processes side by side", all_, 3.5),
            ("WeasyPrint, one process for all", weasy, 20),
        ):
            ratio = "" if bar is None else f"   {wall / ours[0]:5.1f}x wall (bar {bar}x), {cpu / ours[1]:.1f}x CPU"
            print(f"{name:36} {wall * 1000:8.1f} ms wall {cpu * 1000:8.1f} ms CPU{ratio}")
        if asked.memory:
            most = {}
            for count in (100, asked.memory):
                folder = place / f"memory-{count}"
                workspace(folder, records, of, count // copies)
                (wall, _), made, most[count] = notice(relto, folder)
                print(f"{made} notices: {wall:.1f} s, {made / wall:.0f} a second, {most[count]:.0f} MiB at most, all processes together")
                shutil.rmtree(folder)
            print(f"memory: {most[asked.memory] / most[100]:.2f}x (bar 1.5x)")


if __name__ == "__main__":
    main()
