// Colours and shapes. Classes differ in both, after Okabe and Ito's palette; scales are viridis.

const shapes = ["diamond", "circle", "cross"]; // by class

/** Colours of the present theme, read from the style sheet. */
function themeColours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    classes: classNames.map((name) => read(`--${name}`)),
    text: read("--text"), faint: read("--faint"), line: read("--line"), surface: read("--surface"),
    accent: read("--accent"),
  };
}

const viridis = [
  [68, 1, 84], [71, 44, 122], [59, 81, 139], [44, 113, 142], [33, 144, 141], [39, 173, 129],
  [92, 200, 99], [170, 220, 50], [253, 231, 37],
];

const darkScheme = window.matchMedia("(prefers-color-scheme: dark)");

/** Where on the scale a share from 0 to 1 is: without the end that the ground would swallow. */
function scalePlace(share) {
  const inside = Math.min(Math.max(share, 0), 1);
  return darkScheme.matches ? 0.2 + 0.8 * inside : 0.94 * inside;
}

/** A colour of the scale; `share` from 0 to 1. */
function scaleColour(share) {
  const place = scalePlace(share) * (viridis.length - 1);
  const index = Math.min(Math.floor(place), viridis.length - 2);
  const mix = viridis[index].map((from, channel) =>
    Math.round(from + (viridis[index + 1][channel] - from) * (place - index)));
  return `rgb(${mix.join(" ")})`;
}

/** Whether dark text reads better than white on the scale's colour. */
const isLightColour = (share) => scalePlace(share) > 0.62;

/** Position of a value in a dimension's range, 0 to 1, in logarithms where that is the default. */
function shareOf(dimension, value, min = dimension.min, max = dimension.max) {
  if (!(max > min)) return 0.5;
  return dimension.isLogByDefault && min > 0
    ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
}

/** Draws a point's shape around the origin. */
function drawShape(context, shape, radius) {
  context.beginPath();
  if (shape === "diamond") {
    const r = radius * 1.35;
    context.moveTo(0, -r);
    context.lineTo(r, 0);
    context.lineTo(0, r);
    context.lineTo(-r, 0);
    context.closePath();
  } else if (shape === "circle") {
    context.arc(0, 0, radius, 0, 2 * Math.PI);
  } else {
    const r = radius * 0.85;
    context.moveTo(-r, -r);
    context.lineTo(r, r);
    context.moveTo(r, -r);
    context.lineTo(-r, r);
  }
}

/** A class's mark for legends. */
function classMark(index) {
  const name = classNames[index];
  const shape = index === 0
    ? svg("path", { d: "M6 0.5 11.5 6 6 11.5 0.5 6Z" })
    : index === 1
      ? svg("circle", { cx: 6, cy: 6, r: 4.5 })
      : svg("path", { d: "M2 2 10 10M10 2 2 10", class: "stroked" });
  return svg("svg", { class: `mark ${name}`, viewBox: "0 0 12 12", "aria-hidden": "true" }, shape);
}
