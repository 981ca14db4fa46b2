// Ties the parts together: changes of the view, the tooltip, the address.

const tip = byId("tip");
let isScheduled = false;
let slowTimer = 0;

/** Changes the view and shows it; the plots that take longer follow when the hand rests. */
function update(change) {
  change();
  refilter();
  const address = stateToAddress();
  if (address !== window.location.hash.slice(1)) {
    window.history.replaceState(null, "", `#${address}`);
  }
  if (!isScheduled) {
    isScheduled = true;
    requestAnimationFrame(() => {
      isScheduled = false;
      renderQuick();
    });
  }
  clearTimeout(slowTimer);
  slowTimer = setTimeout(renderSlow, visibleIds.length > 3000 ? 90 : 0);
}

function renderQuick() {
  scatter.renderControls();
  heatmap.renderControls();
  filters.render();
  renderPins();
  scatter.render();
}

function renderSlow() {
  parallel.render();
  heatmap.render();
  designTable.render();
  document.documentElement.dataset.shown = visibleIds.length;
}

/** A design in one sentence, for readers of the screen. */
function describe(id) {
  const numbers = studyMetrics.map(({ title, column, unit }) =>
    `${title} ${withUnit(column[id], unit)}`);
  return `${designName(id)}; ${classNames[classOf(id)]}; ${numbers.join(", ")}`;
}

function tipContent(id, heading) {
  const parts = [];
  if (heading) parts.push(el("p", { class: "heading" }, heading));
  if (id < 0) return parts;
  const missed = classOf(id) === 2 ? missedConstraints(id) : [];
  parts.push(
    el("p", { class: "class" }, classMark(classOf(id)), classNames[classOf(id)],
      optimumLabels.has(id) ? ` · ${optimumLabels.get(id).join(", ")}` : "",
      missed.length ? ` · misses ${missed.join(", ")}` : ""),
    el("table", {},
      parameters.map((parameter) =>
        el("tr", {}, el("th", {}, parameter.title), cell(labelOf(parameter, id)))),
      metrics.map((metric) => el("tr", { class: metric.objective ? "objective" : "" },
        el("th", {}, metric.title), cell(withUnit(metric.column[id], metric.unit)))),
      el("tr", {}, el("th", {}, "model"), cell(modelOf(id)))),
    el("p", { class: "hint" }, state.pins.includes(id) ? "Click to unpin" : "Click to pin"));
  return parts;
}

/** Marks a design everywhere; with an event its numbers are shown beside the pointer. */
function setHover(id, event, heading) {
  if (id !== hovered) {
    hovered = id;
    scatter.renderHover();
    parallel.renderHover();
    for (const row of document.querySelectorAll("tr.hovered")) row.classList.remove("hovered");
    document.querySelector(`tr[data-design="${id}"]`)?.classList.add("hovered");
  }
  tip.hidden = !event || (id < 0 && !heading);
  if (tip.hidden) return;
  tip.dataset.design = id;
  tip.replaceChildren(...tipContent(id, heading));
  const box = tip.getBoundingClientRect();
  const { clientX, clientY } = event;
  const [width, height] = [document.documentElement.clientWidth, window.innerHeight];
  const left = clientX + 16 + box.width <= width - 8 ? clientX + 16 : clientX - 16 - box.width;
  tip.style.left = `${Math.max(8, Math.min(left, width - box.width - 8))}px`;
  tip.style.top = `${Math.max(8, Math.min(clientY + 12, height - box.height - 8))}px`;
}

function renderAll() {
  renderQuick();
  renderSlow();
}

renderHead();
renderSensitivity();
renderComparison();
renderSearch();
stateFromAddress(window.location.hash.slice(1));
refilter();
renderAll();

window.addEventListener("hashchange", () => {
  stateFromAddress(window.location.hash.slice(1));
  refilter();
  renderAll();
});
let drawnWidth = byId("scatter-plot").clientWidth;
let resizeTimer = 0;
new ResizeObserver(() => {
  const width = byId("scatter-plot").clientWidth;
  if (width === drawnWidth) return;
  drawnWidth = width;
  clearTimeout(resizeTimer);
  resizeTimer = setTimeout(renderAll, 40);
}).observe(byId("scatter-plot"));
darkScheme.addEventListener("change", renderAll);
window.addEventListener("beforeprint", renderAll);

// For scripts that look at the page: where a design is drawn, and what would be downloaded.
window.explorationPage = {
  pointOf: scatter.pointOf, csv: designTable.csv, visible: () => [...visibleIds],
};
