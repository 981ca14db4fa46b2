// Scales from values to pixels, with their ticks.

/** Round steps between two numbers, about `wanted` of them. */
function niceTicks(min, max, wanted) {
  const rough = (max - min) / Math.max(wanted, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.99) ?? 1);
  const ticks = [];
  for (let index = Math.ceil(min / step - 1e-9); index * step <= max + step * 1e-9; index += 1) {
    ticks.push(Number((index * step).toPrecision(12)));
  }
  return ticks;
}

function logTicks(min, max, wanted) {
  const decades = Math.log10(max / min);
  if (decades < 1.2) return niceTicks(min, max, wanted);
  const factors = decades > wanted ? [1] : decades * 3 <= wanted + 1 ? [1, 2, 5] : [1, 3];
  const ticks = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power += 1) {
    for (const factor of factors) {
      const value = Number((factor * 10 ** power).toPrecision(12));
      if (value >= min * 0.999 && value <= max * 1.001) ticks.push(value);
    }
  }
  return ticks;
}

/**
 * A scale of a dimension over pixels `from` to `to`.
 *
 * @param log whether it is logarithmic.
 * @param domain least and greatest value; by default those of all designs.
 */
function makeScale(dimension, log, from, to, domain = [dimension.min, dimension.max]) {
  let [min, max] = domain;
  const forward = log ? Math.log : (value) => value;
  if (dimension.isText) [min, max] = [min - 0.5, max + 0.5];
  let [low, high] = [forward(min), forward(max)];
  if (!(high > low)) {
    const room = (Math.abs(low) || 1) * 0.5;
    [low, high] = [low - room, low + room];
  }
  const padding = dimension.isText ? 0 : (high - low) * 0.045;
  [low, high] = [low - padding, high + padding];
  const backward = log ? Math.exp : (value) => value;
  const map = (value) => from + ((forward(value) - low) / (high - low)) * (to - from);
  const invert = (pixel) => backward(low + ((pixel - from) / (to - from)) * (high - low));
  const wanted = Math.max(2, Math.abs(to - from) / 80);
  let ticks;
  // Quantities are labelled as they are written: `256 KiB`.
  if (dimension.kind === "parameter" && (dimension.values.length <= 16 || dimension.isWritten)) {
    ticks = dimension.order.map((index) => ({
      value: dimension.positions[index], label: dimension.labels[index],
    }));
  } else {
    const values = max > min ? (log ? logTicks : niceTicks)(min, max, wanted) : [min];
    ticks = values.map((value) => ({ value, label: formatTick(value) }));
  }
  ticks = ticks.filter(({ value }) => {
    const pixel = map(value);
    return pixel >= Math.min(from, to) - 0.5 && pixel <= Math.max(from, to) + 0.5;
  });
  return { map, invert, ticks, from, to };
}

/** Leaves out labels that would run into the one before. */
function thinned(scale, isHorizontal) {
  let end = -Infinity;
  return [...scale.ticks]
    .sort((a, b) => scale.map(a.value) - scale.map(b.value))
    .filter((tick) => {
      const half = isHorizontal ? tick.label.length * 3.6 + 5 : 8;
      const pixel = scale.map(tick.value);
      if (pixel - half < end) return false;
      end = pixel + half;
      return true;
    });
}

/** `latency (ms)`. */
function axisTitle(dimension) {
  return dimension.unit && dimension.unit !== dimension.title
    ? `${dimension.title} (${dimension.unit})` : dimension.title;
}

/** Choices of all dimensions for a menu. */
function dimensionOptions(kinds = ["metric", "parameter"]) {
  const groups = { metric: ["Metrics", metrics], parameter: ["Parameters", parameters] };
  return kinds.map((kind) => ({
    label: groups[kind][0],
    options: groups[kind][1].map((dimension) => [dimension.key, axisTitle(dimension)]),
  }));
}
