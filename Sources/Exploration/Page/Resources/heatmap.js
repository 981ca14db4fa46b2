// A heat map of two parameters: the least, mean or greatest of a metric over the designs that pass
// the filters, which differ in the other parameters.

const heatmap = (() => {
  const plot = byId("heatmap-plot");

  /** What the designs of each cell have, by positions of the row's and the column's value. */
  function aggregate(across, up, column) {
    const table = new Map();
    for (const id of visibleIds) {
      const value = column[id];
      if (!Number.isFinite(value)) continue;
      const key = up.rows[id] * across.values.length + across.rows[id];
      let entry = table.get(key);
      if (!entry) {
        entry = { count: 0, sum: 0, min: Infinity, max: -Infinity, best: 2, least: id, most: id };
        table.set(key, entry);
      }
      if (value < entry.min) [entry.min, entry.least] = [value, id];
      if (value > entry.max) [entry.max, entry.most] = [value, id];
      entry.count += 1;
      entry.sum += value;
      entry.best = Math.min(entry.best, classOf(id));
    }
    for (const entry of table.values()) {
      entry.value = state.heatStat === "mean" ? entry.sum / entry.count : entry[state.heatStat];
    }
    return table;
  }

  /** Sizes in pixels. Many rows become low, so that the map stays on the screen. */
  function measure(across, rows, isSingle, up) {
    const longest = Math.max(...up.labels.map((label) => label.length));
    const left = isSingle ? 12 : longest * 7 + 28;
    const columns = across.order.length;
    const cellWidth = Math.max(30, Math.min(110, (plot.clientWidth - left - 4) / columns));
    const cellHeight = rows.length > 12
      ? Math.max(10, 420 / rows.length) : Math.max(30, Math.min(48, cellWidth * 0.6));
    return {
      left, top: 22, cellWidth, cellHeight, width: left + cellWidth * columns + 4,
      height: cellHeight * rows.length + 66,
    };
  }

  function render() {
    byId("heatmap").hidden = !parameters.length;
    if (!parameters.length) return;
    const metric = dimensionsByKey.get(state.heatMetric);
    const [across, up] = [dimensionsByKey.get(state.heatX), dimensionsByKey.get(state.heatY)];
    const table = aggregate(across, up, metric.column);
    // The same parameter twice is a map of one row.
    const isSingle = across === up;
    const rows = isSingle ? [null] : [...up.order].reverse();
    const size = measure(across, rows, isSingle, up);
    let [min, max] = [Infinity, -Infinity];
    for (const { value } of table.values()) {
      [min, max] = [Math.min(min, value), Math.max(max, value)];
    }
    const isLogarithmic = min > 0 && max / min >= 12;
    const share = (value) => {
      if (!(max > min)) return 0.5;
      return isLogarithmic
        ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
    };
    const map = { metric, across, up, isSingle, size, share };
    const entryAt = (row, column) => table.get((row ?? column) * across.values.length + column);
    const cells = rows.flatMap((row, r) => across.order.map((column, c) =>
      drawCell(entryAt(row, column), map, { row, column, r, c })));
    plot.replaceChildren(svg("svg", {
      width: size.width, height: size.height, viewBox: `0 0 ${size.width} ${size.height}`,
      role: "img",
      "aria-label": `${state.heatStat} of ${metric.title} over ${across.title} and ${up.title}`,
    }, cells, axes(map, rows)));
    byId("heatmap-legend").replaceChildren(
      ...classLegend([
        "holds a design of the front", "holds a feasible design", "holds rejected designs only",
      ]),
      table.size ? scaleLegend(metric, min, max) : "No design passes the filters.");
  }

  function axes({ across, up, isSingle, size }, rows) {
    const { left, top, cellWidth, cellHeight, width, height } = size;
    const parts = across.order.map((column, c) => svg("text", {
      x: left + (c + 0.5) * cellWidth, y: height - 26, "text-anchor": "middle",
    }, across.labels[column].slice(0, Math.floor(cellWidth / 6.5))));
    parts.push(svg("text", {
      class: "title", x: (left + width) / 2, y: height - 6, "text-anchor": "middle",
    }, across.title));
    if (isSingle) return parts;
    // Labels of low rows would touch.
    const stride = Math.ceil(13 / cellHeight);
    rows.forEach((row, r) => {
      if ((rows.length - 1 - r) % stride) return;
      const y = top + (r + 0.5) * cellHeight + 4;
      parts.push(svg("text", { x: left - 8, y, "text-anchor": "end" }, up.labels[row]));
    });
    parts.push(svg("text", { class: "title", x: 4, y: 13 }, up.title));
    return parts;
  }

  function drawCell(entry, map, { row, column, r, c }) {
    const { metric, size, share } = map;
    const [x, y] = [size.left + c * size.cellWidth, size.top + r * size.cellHeight];
    const box = {
      x: x + 1, y: y + 1, width: size.cellWidth - 2, height: size.cellHeight - 2, rx: 3,
    };
    if (!entry) return svg("rect", { ...box, class: "hollow" });
    const place = share(entry.value);
    const ink = isLightColour(place) ? "#111" : "#fff";
    const parts = [svg("rect", { ...box, fill: scaleColour(place) })];
    if (size.cellHeight >= 24) {
      const mark = classMark(entry.best);
      fill(mark, {
        class: "mark", x: x + 5, y: y + 5, width: 9, height: 9, style: `color:${ink}`,
      }, []);
      parts.push(mark);
    }
    const text = formatNumber(entry.value, 3);
    if (size.cellWidth >= text.length * 6.6 + 6 && size.cellHeight >= 14) {
      // Below the mark, where there is one.
      const shift = size.cellHeight > 36 ? 7 : size.cellHeight >= 24 ? 9 : 4;
      parts.push(svg("text", {
        x: x + size.cellWidth / 2, y: y + size.cellHeight / 2 + shift, "text-anchor": "middle",
        fill: ink,
      }, text));
    }
    return svg("g", {
      class: "cell", "data-column": column, "data-row": row ?? column,
      "data-value": entry.value, "data-count": entry.count,
      onpointermove: (event) => {
        const shown = { min: entry.least, mean: -1, max: entry.most }[state.heatStat];
        setHover(shown, event, headingOf(entry, map, row, column));
      },
      onpointerleave: () => setHover(-1),
      onclick: () => update(() => keepCell(map, row, column)),
    }, parts);
  }

  function headingOf(entry, { metric, across, up, isSingle }, row, column) {
    const place = `${across.title} ${across.labels[column]}`;
    const both = isSingle ? place : `${up.title} ${up.labels[row]} · ${place}`;
    const value = `${state.heatStat} ${metric.title} ${withUnit(entry.value, metric.unit)}`;
    return `${both}: ${value} over ${plural(entry.count, "design")}`;
  }

  /** Filters for the two values of a cell. */
  function keepCell({ across, up, isSingle }, row, column) {
    const only = (parameter, index) => setHidden(
      parameter, new Set(parameter.order.filter((other) => other !== index)));
    only(across, column);
    if (!isSingle) only(up, row);
  }

  function makeControls() {
    const menu = (label, name, options) =>
      choice(label, options, state[name], (value) => update(() => { state[name] = value; }));
    const names = parameters.map((parameter) => [parameter.key, parameter.title]);
    const menus = {
      heatMetric: menu("metric", "heatMetric", dimensionOptions(["metric"])),
      heatStat: menu("take", "heatStat", [["min", "least"], ["mean", "mean"], ["max", "greatest"]]),
      heatX: menu("across", "heatX", names),
      heatY: menu("up", "heatY", names),
    };
    byId("heatmap-controls").append(...Object.values(menus).map(({ element }) => element));
    return () => {
      for (const [name, { select }] of Object.entries(menus)) select.value = state[name];
    };
  }

  return { render, renderControls: makeControls() };
})();
