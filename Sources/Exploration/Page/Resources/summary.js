// What does not change: the head, sensitivity, comparison, stages and rejections.

const formatSpace = (size) => (size < 1e15 ? formatCount(size) : formatNumber(size));

function renderHead() {
  const feasible = study.designs.class.filter((index) => index !== 2).length;
  const listed = study.designs.class.length;
  const isSample = study.stages.some((s) => s.given - s.invalid - s.failed > listed);
  const total = (member) => study.stages.reduce((sum, stage) => sum + stage[member], 0);
  const figure = (number, text) =>
    el("div", { class: "figure" }, el("dt", {}, text), el("dd", {}, number));
  const fact = (name, text) =>
    (text ? el("span", { class: "fact" }, el("b", {}, name), ` ${text}`) : null);
  const objectiveTexts = study.objectives.map(({ metric, maximised, weight }) => {
    const weighted = weight === 1 ? "" : ` (weight ${formatNumber(weight)})`;
    return `${maximised ? "most" : "least"} ${metrics[metric].title}${weighted}`;
  });
  byId("head").append(
    el("h1", {}, study.name),
    study.title ? el("p", { class: "subtitle" }, study.title) : "",
    el("dl", { class: "figures" },
      figure(formatSpace(study.spaceSize), "designs in the space"),
      study.stages.length
        ? figure(formatCount(total("evaluated")), "evaluations for this report") : null,
      figure(formatCount(feasible), isSample ? `feasible of ${formatCount(listed)} listed` : "feasible"),
      figure(formatCount(study.designs.front.length), "on the Pareto front"),
      study.stages.length ? figure(formatTime(total("seconds")), "wall-clock time") : null),
    el("p", { class: "facts" },
      fact("model", study.model), fact("error", study.errorBar),
      fact("energy table", study.table), fact("objectives", objectiveTexts.join(", ")),
      fact("constraints", study.constraints.join(", "))));
  const model = `numbers by the model “${study.model}”`;
  byId("foot").append(
    [study.version || "flecsim", study.name, model, study.errorBar].filter(Boolean).join(" · "));
}

/** Means over a parameter's values as a line of dots, in ascending order of the values. */
function meansLine(parameter, entry, metric) {
  const [width, height, margin] = [132, 34, 6];
  const order = parameter?.order ?? entry.means.map((_, index) => index);
  const points = order.filter((index) => typeof entry.means[index] === "number")
    .map((index) => ({ label: parameter?.labels[index] ?? index, mean: entry.means[index] }));
  if (points.length < 2) return null;
  const means = points.map(({ mean }) => mean);
  const [min, max] = [Math.min(...means), Math.max(...means)];
  points.forEach((point, place) => {
    const share = max > min ? (point.mean - min) / (max - min) : 0.5;
    point.x = margin + (place * (width - 2 * margin)) / (points.length - 1);
    point.y = margin + (1 - share) * (height - 2 * margin);
    point.text = `${point.label}: ${withUnit(point.mean, metric.unit)}`;
  });
  const radius = points.length > 16 ? 1.3 : 2.6;
  return svg("svg", {
    class: "means", width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": points.map(({ text }) => text).join(", "),
  },
  svg("polyline", { points: points.map(({ x, y }) => `${x},${y}`).join(" ") }),
  points.map(({ x, y, text }) => svg("circle", { cx: x, cy: y, r: radius },
    svg("title", {}, `${parameter?.title ?? ""} ${text}`))));
}

function renderSensitivity() {
  if (!study.sensitivity.length) return;
  byId("sensitivity").hidden = false;
  const effect = (entry, metric) => {
    const parameter = parameters.find(({ key }) => key === entry.parameter);
    const share = entry.share ?? 0;
    return el("div", { class: "effect" },
      el("span", { class: "name" }, entry.parameter), barOf(share),
      el("span", { class: "number" }, `${Math.round(100 * share)} %`),
      meansLine(parameter, entry, metric));
  };
  const measured = study.sensitivity.map((entry) => metrics[entry.metric]);
  const cards = [...new Set([...objectives, ...measured])].map((metric) => {
    const entries = study.sensitivity.filter((entry) => metrics[entry.metric] === metric)
      .sort((a, b) => (b.share ?? 0) - (a.share ?? 0));
    return entries.length ? el("div", { class: "card" }, el("h3", {}, metric.title),
      entries.map((entry) => effect(entry, metric))) : null;
  });
  byId("sensitivity-body").append(el("div", { class: "cards" }, cards));
}

function renderComparison() {
  if (!study.comparisons.length) return;
  byId("comparison").hidden = false;
  const verdict = (agrees) => {
    if (agrees === null) return el("td", { class: "faint" }, "–");
    return el("td", { class: agrees ? "good" : "bad" }, agrees ? "✓ same trend" : "✗ differs");
  };
  byId("comparison-body").append(tableOf(
    ["", "theirs", "ours", "trend", "remark"].map((text) => columnHead(text)),
    study.comparisons.map((entry) => [
      rowHead(entry.what), cell(entry.theirs), cell(entry.ours), verdict(entry.agrees),
      el("td", { class: "remark" }, entry.remark),
    ])));
}

/** The funnel: how many designs each step left, as bars in logarithms. */
function funnel() {
  const feasible = study.designs.class.filter((index) => index !== 2).length;
  const steps = [
    ["the whole space", study.spaceSize],
    ...study.stages.map((stage) => [`to the model ${stage.model}`, stage.given]),
    ["feasible, in this report", feasible],
    ["on the Pareto front", study.designs.front.length],
  ];
  const most = Math.log10(Math.max(...steps.map(([, number]) => number), 1) + 1);
  return el("div", { class: "funnel", role: "list" }, steps.map(([name, number]) =>
    el("div", { class: "step", role: "listitem" }, el("span", { class: "name" }, name),
      barOf(Math.log10(number + 1) / most),
      el("span", { class: "number" }, formatSpace(number)))));
}

function renderSearch() {
  const body = byId("search-body");
  body.append(funnel(), el("p", { class: "hint" }, "Bars are logarithmic."));
  if (study.stages.length) {
    const columns = {
      given: "given", stored: "from store", evaluated: "evaluated", invalid: "invalid",
      failed: "failed", kept: "kept",
    };
    body.append(tableOf(
      [columnHead("stage"), ...Object.values(columns).map((text) => columnHead(text, true)),
        columnHead("time", true)],
      study.stages.map((stage) => [
        rowHead(stage.model),
        Object.keys(columns).map((name) => numberCell(formatCount(stage[name]))),
        numberCell(formatTime(stage.seconds)),
      ])));
  }
  if (study.rejections.length) {
    const total = study.rejections.reduce((sum, entry) => sum + entry.count, 0);
    body.append(el("h3", {}, "Why designs were rejected"), tableOf(null,
      study.rejections.map((entry) => [
        numberCell(formatCount(entry.count)),
        el("td", { class: "track-cell" }, barOf(entry.count / total, "bad")),
        cell(entry.reason),
      ]), { class: "rejections" }));
  }
}
