"use strict";
// Asks for the state of the letter, shows it, and asks again: the answer waits until a file was saved.
const at = (id) => document.getElementById(id);
const chosen = { letter: "", sample: "" };
let seen = 0;
let turn = 0;

const element = (name, text, kind) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  return made;
};

const options = (select, groups, value) => {
  select.replaceChildren();
  for (const [label, items] of groups) {
    if (!items.length) continue;
    const group = label ? select.appendChild(element("optgroup")) : select;
    if (label) group.label = label;
    for (const item of items) {
      const option = group.appendChild(element("option", item.label));
      option.value = item.id;
      option.selected = item.id === value;
    }
  }
};

const fields = (state) => {
  const wanted = at("find").value.toLowerCase();
  const box = at("fields");
  box.replaceChildren();
  for (const { title, entries } of state.fields) {
    const hits = entries.filter((entry) => (entry.write + entry.meaning).toLowerCase().includes(wanted));
    if (!hits.length) continue;
    box.append(element("h3", title));
    const list = box.appendChild(element("dl"));
    for (const entry of hits) {
      list.append(element("dt", entry.write));
      const meaning = list.appendChild(element("dd", entry.meaning));
      if (entry.example) meaning.append(element("small", entry.example));
    }
  }
};

const show = (state) => {
  chosen.letter = state.letter;
  chosen.sample = state.sample;
  options(at("letter"), [["", state.letters.map((name) => ({ id: name, label: name }))]], state.letter);
  const of = (group) => state.samples.filter((sample) => sample.group === group);
  options(at("sample"), [["Samples", of("sample")], ["Records of the workspace", of("record")]], state.sample);
  const problems = at("problems");
  problems.replaceChildren();
  if (state.kept) problems.append(element("p", "There is an error. The pages below are the last good ones.", "kept"));
  for (const problem of state.problems) {
    const box = problems.appendChild(element("div", undefined, "problem " + problem.severity));
    box.append(element("pre", problem.text));
  }
  problems.hidden = !state.kept && !state.problems.length;
  const pages = at("pages");
  pages.classList.toggle("kept-pages", state.kept);
  const shown = [];
  for (let page = 1; page <= state.pages; page += 1) {
    const figure = element("figure");
    const image = figure.appendChild(element("img"));
    image.alt = `Page ${page} of ${state.pages}`;
    image.src = `page?letter=${state.letter}&sample=${state.sample}&page=${page}&version=${state.set}`;
    figure.append(element("figcaption", `Page ${page} of ${state.pages}`));
    shown.push(figure);
  }
  pages.replaceChildren(...shown);
  const errors = state.problems.filter((problem) => problem.severity === "error").length;
  at("state").textContent = errors ? `${errors} to mend` : `${state.pages} ${state.pages === 1 ? "page" : "pages"}, all checks passed`;
  document.title = `${errors ? "✗ " : ""}${state.letter} · relto preview`;
  document.body.dataset.version = state.version;
  document.body.dataset.set = state.set;
  fields(state);
  at("find").oninput = () => fields(state);
};

const ask = async () => {
  const mine = (turn += 1);
  while (mine === turn) {
    try {
      const answer = await fetch(`state?letter=${chosen.letter}&sample=${chosen.sample}&seen=${seen}`);
      if (mine !== turn) return;
      if (answer.status === 200) {
        const state = await answer.json();
        seen = state.version;
        show(state);
      }
    } catch {
      at("state").textContent = "relto has ended; start it again and reload";
      await new Promise((done) => setTimeout(done, 2000));
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
ask();
