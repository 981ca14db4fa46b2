// Parallel coordinates: one axis per dimension, one line per design, ranges by dragging.

const parallel = (() => {
  const plot = byId("parallel-plot");
  const canvas = el("canvas", { "aria-hidden": "true" });
  const top = el("canvas", { class: "over", "aria-hidden": "true" });
  const frame = svg("svg", { class: "frame" });
  plot.append(canvas, top, frame);

  const shown = [...parameters, ...new Set([...objectives, ...studyMetrics])];
  /** More lines than this are one grey mass and slow; the front is always drawn. */
  const limit = 4000;
  let scales = [];
  let positions = [];
  let [width, height] = [0, 0];
  const [upper, lower] = [44, 24];

  function layout() {
    // Narrow windows scroll.
    width = Math.max(plot.clientWidth, shown.length * 92);
    height = 320;
    const step = (width - 90) / Math.max(shown.length - 1, 1);
    positions = shown.map((_, index) => (shown.length === 1 ? width / 2 : 45 + index * step));
    scales = shown.map((dimension) =>
      makeScale(dimension, dimension.isLogByDefault, height - lower, upper));
  }

  function trace(context, id) {
    shown.forEach((dimension, index) => {
      const y = scales[index].map(dimension.column[id]);
      if (index === 0) context.moveTo(positions[0], y);
      else context.lineTo(positions[index], y);
    });
  }

  function render() {
    layout();
    const theme = themeColours();
    frame.style.width = `${width}px`;
    plot.style.height = `${height}px`;
    const context = sizeCanvas(canvas, width, height);
    context.clearRect(0, 0, width, height);
    const stride = Math.max(1, Math.ceil(visibleIds.length / limit));
    const groups = [[], [], []];
    visibleIds.forEach((id, index) => {
      if (classOf(id) === 0 || index % stride === 0) groups[classOf(id)].push(id);
    });
    let drawn = 0;
    for (const group of [2, 1, 0]) {
      const lines = groups[group];
      const alphas = [0.85, 0.5, 0.3];
      const crowd = Math.max(1, Math.sqrt(lines.length / 60));
      context.globalAlpha = Math.max(group === 0 ? 0.4 : 0.06, alphas[group] / crowd);
      context.lineWidth = group === 0 ? 1.5 : 1;
      context.strokeStyle = theme.classes[group];
      // One path per line, so that overlapping lines add up.
      for (const id of lines) {
        context.beginPath();
        trace(context, id);
        context.stroke();
      }
      drawn += lines.length;
    }
    plot.dataset.lines = drawn;
    const lineCounts = `${formatCount(drawn)} of ${formatCount(visibleIds.length)} lines`;
    byId("parallel-note").textContent = drawn < visibleIds.length
      ? `${lineCounts} are drawn: all of the front, of the others one in ${stride}.` : "";
    frame.setAttribute("viewBox", `0 0 ${width} ${height}`);
    frame.setAttribute("height", height);
    frame.replaceChildren(...shown.map((dimension, index) => axis(dimension, index)));
    renderHover();
  }

  function axis(dimension, index) {
    const x = positions[index];
    const scale = scales[index];
    const range = brushOf(dimension, scale);
    const lines = titleLines(dimension);
    return svg("g", { class: "axis", "data-key": dimension.key },
      svg("line", { x1: x, x2: x, y1: upper, y2: height - lower }),
      lines.map((text, line) => svg("text", {
        class: "title", x, y: upper - 14 - (lines.length - 1 - line) * 14, "text-anchor": "middle",
      }, text)),
      thinned(scale, false).map((tick) => svg("text", {
        class: "tick", x: x + 5, y: scale.map(tick.value) + 4,
      }, tick.label)),
      range.map(([low, high]) => svg("rect", {
        class: "brush", x: x - 7, width: 14, y: Math.min(low, high),
        height: Math.max(Math.abs(high - low), 4), rx: 3,
      })),
      svg("rect", {
        class: "handle", x: x - 16, width: 32, y: upper - 8, height: height - lower - upper + 16,
        onpointerdown: (event) => brush(event, dimension, scale),
      }));
  }

  /** The title in up to two lines. */
  function titleLines(dimension) {
    const words = axisTitle(dimension).split(" ");
    if (words.length < 2 || axisTitle(dimension).length <= 12) return [words.join(" ")];
    const split = words.length > 2 ? Math.ceil(words.length / 2) : 1;
    return [words.slice(0, split).join(" "), words.slice(split).join(" ")];
  }

  /** The kept part of an axis, in pixels; several boxes for values of a parameter. */
  function brushOf(dimension, scale) {
    if (dimension.kind === "metric") {
      const range = state.ranges.get(dimension.key);
      if (!range) return [];
      return [range.map((value) =>
        scale.map(Math.min(Math.max(value, dimension.min), dimension.max)))];
    }
    const hidden = state.hiddenValues.get(dimension.key);
    if (!hidden) return [];
    return dimension.order.filter((index) => !hidden.has(index)).map((index) => {
      const y = scale.map(dimension.positions[index]);
      return [y - 6, y + 6];
    });
  }

  function brush(event, dimension, scale) {
    event.preventDefault();
    const box = plot.getBoundingClientRect();
    const start = event.clientY - box.top;
    let hasMoved = false;
    const apply = (end) => update(() => {
      const [low, high] = [Math.max(start, end), Math.min(start, end)].map(scale.invert);
      if (dimension.kind === "metric") {
        const bottom = height - lower;
        const round = (value) => Number(value.toPrecision(4));
        setRange(dimension.key, Math.max(start, end) >= bottom ? -Infinity : round(low),
          Math.min(start, end) <= upper ? Infinity : round(high));
      } else {
        const outside = dimension.positions.flatMap((value, index) =>
          (value >= low && value <= high ? [] : [index]));
        setHidden(dimension, new Set(outside));
      }
    });
    const move = (next) => {
      const end = next.clientY - box.top;
      if (Math.abs(end - start) > 4) hasMoved = true;
      if (hasMoved) apply(end);
    };
    const finish = () => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", finish);
      window.removeEventListener("pointercancel", finish);
      if (hasMoved) return;
      update(() => (dimension.kind === "metric"
        ? state.ranges.delete(dimension.key) : state.hiddenValues.delete(dimension.key)));
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", finish);
    window.addEventListener("pointercancel", finish);
  }

  function renderHover() {
    const theme = themeColours();
    const context = sizeCanvas(top, width, height);
    context.clearRect(0, 0, width, height);
    const ids = [...state.pins, hovered].filter((id) => id >= 0 && isVisible[id]);
    for (const id of ids) {
      context.beginPath();
      trace(context, id);
      context.strokeStyle = theme.surface;
      context.lineWidth = 5;
      context.stroke();
      context.strokeStyle = id === hovered ? theme.text : theme.accent;
      context.lineWidth = 2;
      context.stroke();
    }
  }

  return { render, renderHover };
})();
