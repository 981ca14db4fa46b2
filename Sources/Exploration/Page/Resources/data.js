// The study's data in columns, as the page's JSON holds them.

const study = JSON.parse(byId("data").textContent);
const count = study.designs.count;
const classNames = ["best", "feasible", "rejected"];

/** `256 KiB` as 262144; NaN for other texts. Units as in SoC files. */
function quantity(text) {
  const match = /^\s*([0-9.]+(?:e[-+]?\d+)?)\s*(B|[KMGT]iB|[kMG]B|[kMG]?Hz|bits?)?\s*$/.exec(text);
  if (!match) return NaN;
  const scales = {
    KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40, kB: 1e3, MB: 1e6, GB: 1e9,
    kHz: 1e3, MHz: 1e6, GHz: 1e9,
  };
  return Number(match[1]) * (scales[match[2]] ?? 1);
}

/** A parameter: numeric when all its values are numbers or quantities, else by position. */
function makeParameter(column) {
  const numbers = column.values.map((value) =>
    typeof value === "number" ? value : typeof value === "string" ? quantity(value) : NaN);
  const isText = numbers.some((value) => !Number.isFinite(value));
  const positions = isText ? column.values.map((_, index) => index) : numbers;
  return {
    key: column.name, title: column.name, unit: "", kind: "parameter", isText, direction: 0,
    values: column.values, labels: column.values.map(String), positions, rows: column.rows,
    isWritten: column.values.some((value) => typeof value === "string"),
    column: Float64Array.from(column.rows, (row) => positions[row]),
    // Positions in ascending order of value, for toggles and heat maps.
    order: positions.map((_, index) => index).sort((a, b) => positions[a] - positions[b]),
  };
}

function makeMetric(metric, index) {
  const objective = study.objectives.find((entry) => entry.metric === index);
  const isLarger = objective ? objective.maximised : metric.larger;
  return {
    key: metric.name, title: metric.title, unit: metric.unit, kind: "metric", isText: false,
    index, objective, direction: isLarger ? 1 : -1,
    column: Float64Array.from(study.designs.metrics[index], (value) => value ?? NaN),
  };
}

const parameters = study.designs.parameters.map(makeParameter);
const metrics = study.metrics.map(makeMetric);
const dimensions = [...parameters, ...metrics];
// Metrics last: their names win, as in constraints.
const dimensionsByKey = new Map(dimensions.map((dimension) => [dimension.key, dimension]));
const objectives = study.objectives.map((entry) => metrics[entry.metric]);

/** Metrics that the study is about: its objectives and what its constraints name. */
const studyMetrics = metrics.filter((metric) => metric.objective
  || study.constraints.some((text) => text.split(/[^A-Za-z0-9_]+/).includes(metric.key)));

for (const dimension of dimensions) {
  let [min, max] = [Infinity, -Infinity];
  for (const value of dimension.column) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min > max) [min, max] = [0, 1];
  const values = dimension.kind === "parameter" ? dimension.values.length : Infinity;
  Object.assign(dimension, {
    min, max,
    canBeLog: !dimension.isText && min > 0 && max > min,
    // Ranges of a decade and more read better in logarithms, and so do powers of two.
    isLogByDefault: !dimension.isText && min > 0 && values > 2 && max / min >= 12,
  });
}

const isOnFront = new Uint8Array(count);
for (const id of study.designs.front) isOnFront[id] = 1;

/** Labels of designs that are optima, by design. */
const optimumLabels = new Map();
for (const [metric, id] of study.designs.optima) {
  const label = `${metrics[metric].direction > 0 ? "most" : "least"} ${metrics[metric].title}`;
  optimumLabels.set(id, [...(optimumLabels.get(id) ?? []), label]);
}
if (study.designs.weightedBest !== null && objectives.length > 1) {
  const id = study.designs.weightedBest;
  optimumLabels.set(id, [...(optimumLabels.get(id) ?? []), "best by weights"]);
}

const labelOf = (parameter, id) => parameter.labels[parameter.rows[id]];
const modelOf = (id) => study.designs.models[study.designs.model[id]] ?? "";
const classOf = (id) => study.designs.class[id];

/** `XDIM 16 · BUS 8`. */
function designName(id) {
  return parameters.map((parameter) => `${parameter.title} ${labelOf(parameter, id)}`).join(" · ");
}

/** What the command line takes to run the design. */
function overridesOf(id) {
  const quote = (text) =>
    (/^[\w./:=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  return study.designs.overrides.map(({ path, values, rows }) =>
    `--set ${quote(`${path}=${values[rows[id]]}`)}`).join(" ");
}
