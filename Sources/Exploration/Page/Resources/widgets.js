// Pieces that several parts of the page are made of.

/** A dimension's unit, small; nothing where the title says it. */
function unitOf(dimension) {
  const { title, unit } = dimension;
  return unit && unit !== title ? el("span", { class: "unit" }, unit) : null;
}

/** A table that scrolls sideways by itself; `head` and `rows` hold cells. */
function tableOf(head, rows, attributes = {}) {
  return el("div", { class: "scroller" }, el("table", attributes,
    head ? el("thead", {}, el("tr", {}, head)) : null,
    el("tbody", {}, rows.map((cells) => (cells instanceof Node ? cells : el("tr", {}, cells))))));
}

const cell = (...content) => el("td", {}, content);
const numberCell = (...content) => el("td", { class: "number" }, content);
const rowHead = (...content) => el("th", { scope: "row" }, content);
const columnHead = (text, isNumber = false) =>
  el("th", { scope: "col", class: isNumber ? "number" : "" }, text);

/** A bar whose length is a share of the room for it, 0 to 1. */
function barOf(share, kind = "") {
  const width = 100 * Math.min(Math.max(share, 0), 1);
  return el("span", { class: "track" },
    el("span", { class: `value ${kind}`, style: `width:${width}%` }));
}

/** A design's class in words, with its mark. */
function classCell(id) {
  return el("td", { class: "class" }, classMark(classOf(id)), classNames[classOf(id)]);
}

/** Copies what the command line takes to run a design. */
function copyButton(id) {
  const text = overridesOf(id);
  return el("button", {
    type: "button", class: "copy", title: text,
    onclick: (event) => copyText(text, event.currentTarget),
  }, "copy --set");
}

/** A button that does something to the view. */
function action(label, change, attributes = {}) {
  return el("button", { type: "button", onclick: () => update(change), ...attributes }, label);
}

/** Listeners that mark a design elsewhere while the mouse is on an element. */
function marking(id) {
  return { onpointerenter: () => setHover(id), onpointerleave: () => setHover(-1) };
}

/** A colour scale with its ends. */
function scaleLegend(dimension, min = dimension.min, max = dimension.max) {
  const stops = viridis.map((_, index) => scaleColour(index / (viridis.length - 1))).join(",");
  const text = (value) => {
    const place = dimension.isText ? dimension.positions.indexOf(value) : -1;
    return place >= 0 ? dimension.labels[place] : withUnit(value, dimension.unit);
  };
  return el("span", { class: "entry scale" }, `${dimension.title}: ${text(min)} `,
    el("span", { class: "ramp", style: `background:linear-gradient(90deg,${stops})` }),
    ` ${text(max)}`);
}

/** What the marks of the classes mean. */
function classLegend(meanings) {
  return meanings.map((text, index) => el("span", { class: "entry" }, classMark(index), text));
}
