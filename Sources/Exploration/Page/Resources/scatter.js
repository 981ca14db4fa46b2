// The scatter plot: points on a canvas, axes, front and labels as SVG above it.

const scatter = (() => {
  const plot = byId("scatter-plot");
  const canvas = el("canvas", { "aria-hidden": "true" });
  const frame = svg("svg", { class: "frame" });
  const marks = svg("g", { class: "hovered" });
  plot.append(canvas, frame);

  const px = new Float32Array(count);
  const py = new Float32Array(count);
  let area = { left: 0, right: 0, top: 0, bottom: 0 };
  let sprites = new Map();

  /** Radius of plain points: smaller the more there are. */
  function plainRadius() {
    const n = visibleIds.length;
    return n > 20000 ? 1.6 : n > 6000 ? 2.2 : n > 1500 ? 3 : 4.2;
  }

  /** A point drawn once, to be stamped many times. */
  function sprite(shape, colour, radius, theme) {
    const key = `${shape}|${colour}|${radius}`;
    let stamp = sprites.get(key);
    if (stamp) return stamp;
    const half = Math.ceil(radius * 1.4 + 1.5);
    stamp = document.createElement("canvas");
    const context = sizeCanvas(stamp, 2 * half, 2 * half);
    context.translate(half, half);
    drawShape(context, shape, radius);
    if (shape === "cross") {
      context.strokeStyle = colour;
      context.lineWidth = radius > 3 ? 1.4 : 1;
      context.stroke();
    } else {
      context.fillStyle = colour;
      context.globalAlpha = radius > 3 ? 0.85 : 0.75;
      context.fill();
      context.globalAlpha = 1;
      context.lineWidth = 1;
      context.strokeStyle = theme.surface;
      if (radius > 2.5) context.stroke();
    }
    stamp.half = half;
    sprites.set(key, stamp);
    return stamp;
  }

  function place(dimX, dimY, scaleX, scaleY) {
    const spread = dimX.kind === "parameter" && dimY.kind === "parameter" ? 22 : 0;
    for (const id of visibleIds) {
      // Designs with equal values of two parameters would hide each other.
      px[id] = scaleX.map(dimX.column[id]) + (((id * 0.6180339887) % 1) - 0.5) * spread;
      py[id] = scaleY.map(dimY.column[id]) + (((id * 0.7548776662) % 1) - 0.5) * spread;
    }
  }

  function drawPoints(context, theme) {
    const colourDim = dimensionsByKey.get(state.color);
    const sizeDim = dimensionsByKey.get(state.size);
    const base = plainRadius();
    const order = [[], [], []];
    for (const id of visibleIds) order[classOf(id)].push(id);
    let drawn = 0;
    let ink = "";
    for (const group of [2, 1, 0]) {
      for (const id of order[group]) {
        if (!(px[id] >= area.left - 1 && px[id] <= area.right + 1)) continue;
        if (!(py[id] >= area.top - 1 && py[id] <= area.bottom + 1)) continue;
        const colour = colourDim
          ? scaleColour(Math.round(shareOf(colourDim, colourDim.column[id]) * 31) / 31)
          : theme.classes[group];
        const radius = sizeDim
          ? base * 0.6 + Math.round(shareOf(sizeDim, sizeDim.column[id]) * 6) * base * 0.33
          : group === 0 ? Math.max(base, 3.4) : base;
        drawn += 1;
        if (radius < 2.5 && group > 0) {
          // Shapes could not be told apart at this size, and squares of two sizes are much faster.
          const side = group === 1 ? 2 * radius : 1.4 * radius;
          if (colour !== ink) context.fillStyle = ink = colour;
          context.fillRect(px[id] - side / 2, py[id] - side / 2, side, side);
          continue;
        }
        const stamp = sprite(shapes[group], colour, radius, theme);
        context.drawImage(
          stamp, px[id] - stamp.half, py[id] - stamp.half, 2 * stamp.half, 2 * stamp.half);
      }
    }
    plot.dataset.points = drawn;
  }

  /** Designs that no other visible one beats in both shown quantities, from left to right. */
  function pairFront(dimX, dimY) {
    if (!dimX.direction || !dimY.direction || dimX === dimY) return [];
    const score = (dimension, id) => -dimension.direction * dimension.column[id];
    const candidates = visibleIds
      .filter((id) => classOf(id) !== 2 && Number.isFinite(score(dimX, id) + score(dimY, id)))
      .sort((a, b) => score(dimX, a) - score(dimX, b) || score(dimY, a) - score(dimY, b));
    let best = Infinity;
    return candidates.filter((id) => {
      if (score(dimY, id) >= best) return false;
      best = score(dimY, id);
      return true;
    });
  }

  function drawFront(dimX, dimY) {
    const front = state.line ? pairFront(dimX, dimY) : [];
    plot.dataset.front = front.join(",");
    if (front.length < 2) return null;
    // The staircase runs through the corner that both neighbours reach.
    let path = `M${px[front[0]]} ${py[front[0]]}`;
    for (let index = 1; index < front.length; index += 1) {
      path += `H${px[front[index]]}V${py[front[index]]}`;
    }
    return svg("path", { class: "front", d: path });
  }

  function drawAxes(dimX, dimY, scaleX, scaleY) {
    const parts = [];
    for (const tick of thinned(scaleX, true)) {
      const x = scaleX.map(tick.value);
      parts.push(
        svg("line", { class: "grid", x1: x, x2: x, y1: area.top, y2: area.bottom }),
        svg("text", { x, y: area.bottom + 18, "text-anchor": "middle" }, tick.label));
    }
    for (const tick of thinned(scaleY, false)) {
      const y = scaleY.map(tick.value);
      parts.push(
        svg("line", { class: "grid", x1: area.left, x2: area.right, y1: y, y2: y }),
        svg("text", { x: area.left - 8, y: y + 4, "text-anchor": "end" }, tick.label));
    }
    const arrow = (dimension, isVertical) => {
      if (!dimension.direction) return "";
      const [less, more] = isVertical ? ["↓", "↑"] : ["←", "→"];
      return ` ${dimension.direction > 0 ? more : less} better`;
    };
    parts.push(
      svg("text", { class: "title", x: area.right, y: area.bottom + 38, "text-anchor": "end" },
        axisTitle(dimX) + arrow(dimX, false)),
      svg("text", { class: "title", x: 4, y: 14 }, axisTitle(dimY) + arrow(dimY, true)));
    return parts;
  }

  /** Labels of optima and pins, moved so that they do not cover each other. */
  function drawLabels() {
    const parts = [];
    const taken = [];
    const isDrawn = (id) => isVisible[id] && Number.isFinite(px[id] + py[id]);
    const labels = [...optimumLabels].filter(([id]) => isDrawn(id))
      .map(([id, texts]) => ({ id, text: texts.join(", "), kind: "optimum" }));
    state.pins.forEach((id, index) => {
      if (isDrawn(id)) labels.push({ id, text: pinName(index), kind: "pin" });
    });
    for (const { id, text, kind } of labels) {
      const [x, y] = [px[id], py[id]];
      const width = text.length * 6.6 + 4;
      const spots = [
        [x + 10, y + 4], [x - 10 - width, y + 4], [x - width / 2, y - 12], [x - width / 2, y + 20],
        [x + 8, y - 14], [x + 8, y + 20], [x - 8 - width, y - 14], [x - 8 - width, y + 20],
        [x + 8, y - 28], [x + 8, y + 34],
      ];
      const isFree = ([left, base]) => left >= area.left && left + width <= area.right
        && base - 12 >= area.top && base + 4 <= area.bottom
        && taken.every((box) => left > box[0] + box[2] || left + width < box[0]
          || base > box[1] + 15 || base < box[1] - 15);
      // Without room the ring stays; hovering names it.
      const spot = spots.find(isFree);
      if (spot) taken.push([...spot, width]);
      parts.push(svg("g", { class: kind, "data-design": id },
        svg("circle", { cx: x, cy: y, r: 8 }),
        spot ? svg("text", { x: spot[0], y: spot[1] }, text) : null));
    }
    return parts;
  }

  function render() {
    const theme = themeColours();
    const width = plot.clientWidth;
    const height = Math.round(Math.min(Math.max(width * 0.62, 300), 560));
    const [dimX, dimY] = [dimensionsByKey.get(state.x), dimensionsByKey.get(state.y)];
    sprites = new Map();
    plot.style.height = `${height}px`;
    const context = sizeCanvas(canvas, width, height);
    context.clearRect(0, 0, width, height);
    const domain = (dimension) => {
      if (!state.fit || !visibleIds.length) return undefined;
      let [min, max] = [Infinity, -Infinity];
      for (const id of visibleIds) {
        min = Math.min(min, dimension.column[id]);
        max = Math.max(max, dimension.column[id]);
      }
      return min <= max ? [min, max] : undefined;
    };
    const [logX, logY] = [isLog(dimX, state.logX), isLog(dimY, state.logY)];
    area = { left: 58, right: width - 14, top: 26, bottom: height - 48 };
    const scaleY = makeScale(dimY, logY, area.bottom, area.top, domain(dimY));
    const longest = Math.max(0, ...scaleY.ticks.map((tick) => tick.label.length));
    area.left = Math.min(Math.max(34, longest * 7 + 16), width * 0.3);
    const scaleX = makeScale(dimX, logX, area.left, area.right, domain(dimX));
    place(dimX, dimY, scaleX, scaleY);
    drawPoints(context, theme);
    frame.setAttribute("viewBox", `0 0 ${width} ${height}`);
    frame.replaceChildren(
      ...drawAxes(dimX, dimY, scaleX, scaleY), ...[drawFront(dimX, dimY)].filter(Boolean),
      ...drawLabels(), marks);
    if (!visibleIds.length) {
      frame.append(svg("text", {
        class: "empty", x: width / 2, y: height / 2, "text-anchor": "middle",
      }, "No design passes the filters."));
    }
    renderHover();
  }

  function renderHover() {
    marks.replaceChildren();
    if (hovered < 0 || !isVisible[hovered] || !Number.isFinite(px[hovered] + py[hovered])) return;
    const [x, y] = [px[hovered], py[hovered]];
    marks.append(
      svg("path", { class: "guide", d: `M${area.left} ${y}H${x}V${area.bottom}` }),
      svg("circle", { cx: x, cy: y, r: 7 }));
  }

  /** The visible design nearest to a point, at most `reach` pixels away; -1 for none. */
  function nearest(x, y, reach) {
    let [best, distance] = [-1, reach * reach];
    for (const id of visibleIds) {
      const d = (px[id] - x) ** 2 + (py[id] - y) ** 2;
      // Of equals the better class.
      if (d < distance || (d === distance && best >= 0 && classOf(id) < classOf(best))) {
        [best, distance] = [id, d];
      }
    }
    return best;
  }

  /** The next design in a direction, by arrow keys. */
  function neighbour(dx, dy) {
    if (hovered < 0 || !isVisible[hovered]) {
      return nearest((area.left + area.right) / 2, (area.top + area.bottom) / 2, 1e9);
    }
    let [best, cost] = [hovered, Infinity];
    for (const id of visibleIds) {
      const [x, y] = [px[id] - px[hovered], py[id] - py[hovered]];
      const [along, across] = [x * dx + y * dy, Math.abs(x * dy) + Math.abs(y * dx)];
      if (along <= 0.01 || along + 2 * across >= cost) continue;
      [best, cost] = [id, along + 2 * across];
    }
    return best;
  }

  const pointOf = (id) => {
    const box = plot.getBoundingClientRect();
    return { x: box.left + px[id], y: box.top + py[id] };
  };
  const under = (event, reach) => {
    const box = plot.getBoundingClientRect();
    return nearest(event.clientX - box.left, event.clientY - box.top, reach);
  };

  plot.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse") setHover(under(event, 18), event);
  });
  plot.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse") setHover(-1);
  });
  let isTouch = false;
  plot.addEventListener("pointerdown", (event) => { isTouch = event.pointerType !== "mouse"; });
  plot.addEventListener("click", (event) => {
    const id = under(event, 24);
    // A finger's first tap shows a design, the second pins it.
    const pins = id >= 0 && (!isTouch || id === hovered);
    setHover(id, event);
    if (pins) update(() => togglePin(id));
  });
  plot.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (steps[event.key]) {
      event.preventDefault();
      const id = neighbour(...steps[event.key]);
      if (id < 0) return;
      const { x, y } = pointOf(id);
      setHover(id, { clientX: x, clientY: y });
      byId("live").textContent = describe(id);
    } else if ((event.key === "Enter" || event.key === " ") && hovered >= 0) {
      event.preventDefault();
      update(() => togglePin(hovered));
    } else if (event.key === "Escape") {
      setHover(-1);
    }
  });
  plot.addEventListener("blur", () => setHover(-1));

  /** Menus above the plot and the legend below it. */
  function makeControls() {
    const set = (name) => (value) => update(() => { state[name] = value; });
    const axis = (name, log, label) => {
      const menu = choice(label, dimensionOptions(), state[name], (value) => update(() => {
        state[name] = value;
        state[log] = null;
      }));
      const box = checkbox("log", false, set(log));
      return { menu, box, name, log };
    };
    const axes = [axis("x", "logX", "x"), axis("y", "logY", "y")];
    const swap = el("button", {
      type: "button", title: "Swap the axes", "aria-label": "Swap the axes",
      onclick: () => update(() => {
        [state.x, state.y, state.logX, state.logY] = [state.y, state.x, state.logY, state.logX];
      }),
    }, "⇄");
    const all = dimensionOptions();
    const color = choice("colour", [["class", "class"], ...all], state.color, set("color"));
    const size = choice("size", [["", "equal"], ...all], state.size, set("size"));
    const line = checkbox("front of this pair", state.line, set("line"));
    const fit = checkbox("zoom to filter", state.fit, set("fit"));
    const group = (...children) => el("span", { class: "group" }, children);
    byId("scatter-controls").append(
      group(axes[0].menu.element, axes[0].box.element), swap,
      group(axes[1].menu.element, axes[1].box.element), color.element, size.element,
      line.element, fit.element);
    return () => {
      for (const { menu, box, name, log } of axes) {
        const dimension = dimensionsByKey.get(state[name]);
        menu.select.value = state[name];
        box.input.checked = isLog(dimension, state[log]);
        box.input.disabled = !dimension.canBeLog;
      }
      color.select.value = state.color;
      size.select.value = state.size;
      line.input.checked = state.line;
      fit.input.checked = state.fit;
      renderLegend();
    };
  }

  function renderLegend() {
    const colourDim = dimensionsByKey.get(state.color);
    const entries = classLegend([
      "on the Pareto front of all objectives", "fulfils all constraints", "misses a constraint",
    ]);
    const legend = byId("scatter-legend");
    legend.classList.toggle("scaled", Boolean(colourDim));
    legend.replaceChildren(...entries, ...(colourDim ? [scaleLegend(colourDim)] : []));
  }

  return { render, renderHover, renderControls: makeControls(), pointOf };
})();
