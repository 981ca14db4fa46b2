// What is shown. All of it is in the address behind `#`, so that a view can be shared.

/** What a fresh page shows: the first two objectives, everything unfiltered. */
function defaultView() {
  const [first, second] = objectives;
  const x = (second ? first : parameters[0] ?? metrics[0]).key;
  const y = (second ?? first ?? metrics[1]).key;
  return {
    x, y, color: "class", size: "", fit: false, line: true,
    logX: null, logY: null, // null: as the dimension is by default
    heatX: (parameters[0] ?? metrics[0]).key,
    heatY: (parameters[1] ?? parameters[0] ?? metrics[0]).key,
    heatMetric: (first ?? metrics[0]).key, heatStat: first?.direction > 0 ? "max" : "min",
    sort: (first ?? metrics[0]).key, descending: first?.direction > 0,
    query: "", pins: [],
    hiddenClasses: new Set(), // positions in `classNames`
    ranges: new Map(), // metric → [least, greatest]
    hiddenValues: new Map(), // parameter → set of positions in its values
  };
}

const state = defaultView();
let hovered = -1;

/** Which designs pass the filters, and their numbers in ascending order. */
const isVisible = new Uint8Array(count).fill(1);
let visibleIds = [];
let queryError = "";

function refilter() {
  isVisible.fill(1);
  const hide = (test) => {
    for (let id = 0; id < count; id += 1) if (isVisible[id] && test(id)) isVisible[id] = 0;
  };
  if (state.hiddenClasses.size) hide((id) => state.hiddenClasses.has(classOf(id)));
  for (const [key, [least, greatest]] of state.ranges) {
    const { column } = dimensionsByKey.get(key);
    hide((id) => !(column[id] >= least && column[id] <= greatest));
  }
  for (const [key, hidden] of state.hiddenValues) {
    const { rows } = dimensionsByKey.get(key);
    hide((id) => hidden.has(rows[id]));
  }
  queryError = "";
  if (state.query.trim()) {
    try {
      const test = parseExpression(state.query);
      hide((id) => !test(id));
    } catch (error) {
      queryError = error.message;
    }
  }
  visibleIds = [];
  for (let id = 0; id < count; id += 1) if (isVisible[id]) visibleIds.push(id);
}

const isLog = (dimension, chosen) => dimension.canBeLog && (chosen ?? dimension.isLogByDefault);

/** Short names of plain members in the address. */
const addressNames = {
  x: "x", y: "y", color: "color", size: "size", heatX: "hx", heatY: "hy", heatMetric: "hm",
  heatStat: "hs", sort: "sort", query: "q",
};
const addressFlags = { fit: "fit", line: "line", logX: "lx", logY: "ly", descending: "desc" };

function stateToAddress() {
  const fields = new URLSearchParams();
  const fresh = defaultView();
  for (const [name, short] of Object.entries(addressNames)) {
    if (state[name] !== fresh[name]) fields.set(short, state[name]);
  }
  for (const [name, short] of Object.entries(addressFlags)) {
    const value = state[name];
    if (value !== fresh[name] && value !== null) fields.set(short, value ? "1" : "0");
  }
  if (state.hiddenClasses.size) {
    fields.set("hide", [...state.hiddenClasses].map((index) => classNames[index]).join(","));
  }
  const bound = (value) => (Number.isFinite(value) ? String(value) : "");
  for (const [key, [least, greatest]] of state.ranges) {
    fields.set(`f.${key}`, `${bound(least)}..${bound(greatest)}`);
  }
  for (const [key, hidden] of state.hiddenValues) fields.set(`v.${key}`, [...hidden].join(","));
  if (state.pins.length) fields.set("pin", state.pins.join(","));
  return fields.toString();
}

/** Takes over a view; what does not fit the study is left out. */
function stateFromAddress(text) {
  Object.assign(state, defaultView());
  const fields = new URLSearchParams(text);
  const others = { color: ["class"], size: [""], heatStat: ["min", "mean", "max"] };
  const isKind = (value, kind) => dimensionsByKey.get(value)?.kind === kind;
  const isValid = (name, value) => {
    if (others[name]?.includes(value) || name === "query") return true;
    if (name === "heatStat") return false;
    if (name === "heatX" || name === "heatY") return isKind(value, "parameter");
    return name === "heatMetric" ? isKind(value, "metric") : dimensionsByKey.has(value);
  };
  for (const [name, short] of Object.entries(addressNames)) {
    const value = fields.get(short);
    if (value === null || !isValid(name, value)) continue;
    state[name] = value;
  }
  for (const [name, short] of Object.entries(addressFlags)) {
    if (fields.has(short)) state[name] = fields.get(short) === "1";
  }
  const list = (name) => (fields.get(name) ?? "").split(",").filter((part) => part !== "");
  for (const name of list("hide")) {
    if (classNames.includes(name)) state.hiddenClasses.add(classNames.indexOf(name));
  }
  for (const dimension of dimensions) {
    const range = fields.get(`f.${dimension.key}`)?.split("..");
    if (dimension.kind === "metric" && range?.length === 2) {
      const numbers = range.map((part, index) =>
        (part.trim() === "" ? (index ? Infinity : -Infinity) : Number(part)));
      if (!numbers.some(Number.isNaN)) state.ranges.set(dimension.key, numbers);
    }
    const hidden = list(`v.${dimension.key}`).map(Number)
      .filter((index) => Number.isInteger(index) && dimension.values?.[index] !== undefined);
    if (dimension.kind === "parameter" && hidden.length) {
      state.hiddenValues.set(dimension.key, new Set(hidden));
    }
  }
  state.pins = [...new Set(list("pin").map(Number))]
    .filter((id) => Number.isInteger(id) && id >= 0 && id < count);
}

/** Keeps a range of a metric; both ends open removes it. */
function setRange(key, least, greatest) {
  if (least === -Infinity && greatest === Infinity) state.ranges.delete(key);
  else state.ranges.set(key, [least, greatest]);
}

/** Hides values of a parameter; hiding none or all of them shows all. */
function setHidden(parameter, hidden) {
  const { key, values } = parameter;
  if (!hidden.size || hidden.size >= values.length) state.hiddenValues.delete(key);
  else state.hiddenValues.set(key, hidden);
}

function togglePin(id) {
  state.pins = state.pins.includes(id)
    ? state.pins.filter((pin) => pin !== id) : [...state.pins, id];
}

const isFiltered = () => state.ranges.size + state.hiddenValues.size + state.hiddenClasses.size > 0
  || state.query.trim() !== "";
