// Pinned designs side by side, each against the first.

/** `A`, `B`, … `Z`, `A1`, … */
function pinName(index) {
  const round = Math.floor(index / 26);
  return String.fromCharCode(65 + (index % 26)) + (round || "");
}

/** How many times the first design's number another one has. */
function ratioTo(first, id, metric) {
  const ratio = metric.column[id] / metric.column[first];
  if (id === first || !Number.isFinite(ratio)) return null;
  const isBetter = metric.direction > 0 ? ratio > 1 : ratio < 1;
  const kind = ratio === 1 ? "" : isBetter ? "better" : "worse";
  return el("span", { class: `ratio ${kind}` }, `×${formatNumber(ratio, 3)}`);
}

function renderPins() {
  const { pins } = state;
  byId("pins").hidden = !pins.length;
  if (!pins.length) return;
  const [first] = pins;
  const head = pins.map((id, index) =>
    el("th", { scope: "col", "data-design": id, ...marking(id) },
      el("span", { class: "letter" }, pinName(index)),
      action("×", () => togglePin(id), {
        class: "remove", "aria-label": `Remove ${designName(id)}`,
      })));
  const parameterCell = (parameter, id) => {
    const text = labelOf(parameter, id);
    const isSame = text === labelOf(parameter, first);
    return el("td", { class: isSame ? "number" : "number different" }, text);
  };
  const rows = [
    [rowHead("class"), pins.map(classCell)],
    ...parameters.map((parameter) =>
      [rowHead(parameter.title), pins.map((id) => parameterCell(parameter, id))]),
    ...metrics.map((metric) => [rowHead(metric.title, unitOf(metric)), pins.map((id) =>
      numberCell(formatNumber(metric.column[id]), ratioTo(first, id, metric)))]),
    [rowHead("model"), pins.map((id) => cell(modelOf(id)))],
    [rowHead("command"), pins.map((id) => cell(copyButton(id)))],
  ];
  byId("pins-body").replaceChildren(
    tableOf([el("td", {}), head], rows, { class: "pins" }),
    el("p", {}, action("Unpin all", () => { state.pins = []; })));
}
