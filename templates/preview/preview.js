"use strict";
// Asks for the state of the letter, shows it, and asks again: the answer waits until a file was saved.
const at = (id) => document.getElementById(id);
const chosen = { letter: "", sample: "" };
let seen = 0;
let asking;
let drawing = 0;

const element = (name, text, kind) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  return made;
};

// What stands between backquotes is written as it is to be typed.
const words = (text) =>
  text.split(/`([^`\n]+)`/).map((part, index) => (index % 2 ? element("code", part) : part));

const later = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// Shows something only where it is not what is shown: a list that is open stays open, nothing is read out twice.
const known = new Map();
const changed = (name, what) => {
  const text = JSON.stringify(what);
  if (known.get(name) === text) return false;
  known.set(name, text);
  return true;
};

const options = (select, groups, value) => {
  if (changed(select.id, groups)) {
    select.replaceChildren();
    for (const [label, items] of groups) {
      if (!items.length) continue;
      const group = label ? select.appendChild(element("optgroup")) : select;
      if (label) group.label = label;
      for (const item of items) group.appendChild(element("option", item.label)).value = item.id;
    }
  }
  select.value = value;
};

let sections = [];
const fields = () => {
  const wanted = at("find").value.toLowerCase();
  if (!changed("fields", [wanted, sections])) return;
  const box = at("fields");
  box.replaceChildren();
  for (const { title, entries } of sections) {
    const hits = entries.filter((entry) => (entry.write + entry.meaning).toLowerCase().includes(wanted));
    if (!hits.length) continue;
    box.append(element("h3", title));
    const list = box.appendChild(element("dl"));
    for (const entry of hits) {
      list.append(element("dt", entry.write));
      const meaning = list.appendChild(element("dd"));
      meaning.append(...words(entry.meaning));
      if (entry.example) meaning.append(element("small", entry.example));
    }
  }
  if (!box.firstChild) box.append(element("p", "Nothing of that name."));
};

const problems = (state) => {
  if (!changed("problems", [state.kept, state.problems])) return;
  const shown = [];
  if (state.kept) shown.push(element("p", "There is an error. The pages below are the last good ones.", "kept"));
  for (const { severity, code, message, excerpt, help } of state.problems) {
    const box = element("div", undefined, "problem " + severity);
    const head = box.appendChild(element("h2"));
    head.append(element("b", severity[0].toUpperCase() + severity.slice(1) + ": "), ...words(message), " ");
    if (code) head.append(element("small", code));
    if (excerpt) box.append(element("pre", excerpt));
    for (const text of help) box.appendChild(element("p")).append(...words(text));
    shown.push(box);
  }
  at("problems").replaceChildren(...shown);
};

const page = (state, number) =>
  new Promise((done, failed) => {
    const image = element("img");
    image.alt = `Page ${number} of ${state.pages}`;
    image.onload = () => done(image);
    image.onerror = failed;
    image.src = `page?letter=${state.letter}&sample=${state.sample}&page=${number}&version=${state.set}`;
  });

// New pages take the place of the old ones when all are there: nothing flickers, and the reader stays where they are.
const draw = async (state) => {
  const pages = at("pages");
  pages.classList.toggle("kept-pages", state.kept);
  const letter = `${state.letter} ${state.sample}`;
  const wanted = `${letter} ${state.set} ${state.pages}`;
  if (pages.dataset.shown === wanted) return;
  const mine = (drawing += 1);
  const all = Array.from({ length: state.pages }, (_, index) => page(state, index + 1));
  const images = await Promise.all(all);
  if (mine !== drawing) return;
  const figures = images.map((image) => {
    const figure = element("figure");
    figure.append(image, element("figcaption", image.alt));
    return figure;
  });
  if (!figures.length) figures.push(element("p", "There are no pages until the error is mended.", "none"));
  pages.replaceChildren(...figures);
  pages.dataset.shown = wanted;
  if (pages.dataset.letter && pages.dataset.letter !== letter) {
    pages.scrollTop = 0;
    window.scrollTo(0, 0);
  }
  pages.dataset.letter = letter;
};

const counted = (number, name) => `${number} ${name}${number === 1 ? "" : "s"}`;

const show = async (state) => {
  chosen.letter = state.letter;
  chosen.sample = state.sample;
  // Where the workspace cannot be read, the lists stay as they were.
  if (state.samples.length) {
    options(at("letter"), [["", state.letters.map((name) => ({ id: name, label: name }))]], state.letter);
    const of = (group) => state.samples.filter((sample) => sample.group === group);
    options(at("sample"), [["Samples", of("sample")], ["Records of the workspace", of("record")]], state.sample);
    sections = state.fields;
    fields();
  }
  problems(state);
  const count = (severity) => state.problems.filter((problem) => problem.severity === severity).length;
  const [errors, warnings] = [count("error"), count("warning")];
  const rest = warnings ? counted(warnings, "warning") : "all checks passed";
  at("state").textContent = errors ? `${counted(errors, "error")} to mend` : `${counted(state.pages, "page")}, ${rest}`;
  document.title = `${errors ? "✗ " : ""}${state.letter} · relto preview`;
  // Pages that were set anew meanwhile are asked for with the next state.
  await draw(state).catch(() => {});
};

const ask = async () => {
  asking?.abort();
  const mine = (asking = new AbortController());
  // Whoever goes through the list with the arrow keys wants the last one.
  await later(150);
  while (mine === asking) {
    try {
      const query = `letter=${chosen.letter}&sample=${chosen.sample}&seen=${seen}`;
      const answer = await fetch(`state?${query}`, { signal: mine.signal });
      if (answer.status === 200) {
        const state = await answer.json();
        if (mine !== asking) return;
        seen = state.version;
        await show(state);
      } else if (answer.status === 503) {
        await later(1000);
      } else if (answer.status !== 204) {
        throw new Error(answer.statusText);
      }
    } catch {
      if (mine !== asking) return;
      seen = 0;
      at("state").textContent = "relto has ended: start the preview again, and open the address it prints";
      await later(2000);
    }
  }
};

for (const id of ["letter", "sample"]) {
  at(id).onchange = () => {
    chosen[id] = at(id).value;
    if (id === "letter") chosen.sample = "";
    seen = 0;
    at("state").textContent = "setting the letter …";
    ask();
  };
}
at("find").oninput = fields;
ask();
