// The table of designs: sortable, a few dozen rows at a time, downloadable as it is filtered.

const designTable = (() => {
  const pageLength = 25;
  let length = pageLength;
  const note = el("span", { class: "note" });
  const downloadButton = el(
    "button", { type: "button", id: "download", onclick: () => download() }, "Download CSV");
  byId("designs-controls").append(note, downloadButton);

  function sortedIds() {
    const { column } = dimensionsByKey.get(state.sort);
    const sign = state.descending ? -1 : 1;
    const key = (id) => (Number.isNaN(column[id]) ? Infinity : sign * column[id]);
    return [...visibleIds].sort((a, b) => key(a) - key(b) || a - b);
  }

  function heading(dimension) {
    const isSorted = state.sort === dimension.key;
    const order = state.descending ? "descending" : "ascending";
    const arrow = state.descending ? " ↓" : " ↑";
    const sort = () => {
      state.descending = isSorted ? !state.descending : dimension.direction > 0;
      state.sort = dimension.key;
    };
    return el("th", {
      scope: "col", "aria-sort": isSorted ? order : "none", class: dimension.isText ? "" : "number",
    }, action([dimension.title, isSorted ? arrow : "", unitOf(dimension)], sort, {
      "data-sort": dimension.key,
    }));
  }

  function row(id) {
    const pin = state.pins.indexOf(id);
    const pinButton = action(pin >= 0 ? pinName(pin) : "+", () => togglePin(id), {
      class: "pin", "aria-pressed": String(pin >= 0), title: "Pin for comparison",
      "aria-label": `Pin ${designName(id)}`,
    });
    return el("tr", { "data-design": id, class: pin >= 0 ? "pinned" : "", ...marking(id) },
      cell(pinButton), classCell(id),
      parameters.map((parameter) =>
        el("td", { class: parameter.isText ? "" : "number" }, labelOf(parameter, id))),
      metrics.map((metric) => numberCell(formatNumber(metric.column[id]))),
      cell(copyButton(id)));
  }

  function render(keepsLength = false) {
    if (!keepsLength) length = pageLength;
    const ids = sortedIds();
    const rest = ids.length - length;
    const hidden = (text) => columnHead(el("span", { class: "unseen" }, text));
    const head = [
      hidden("pin"), columnHead("class"), dimensions.map(heading), hidden("command"),
    ];
    const more = el("button", {
      type: "button", class: "more", onclick: () => {
        length += 4 * pageLength;
        render(true);
      },
    }, `Show ${formatCount(Math.min(rest, 4 * pageLength))} more of ${formatCount(rest)}`);
    byId("designs-body").replaceChildren(
      tableOf(head, ids.slice(0, length).map(row)), ...(rest > 0 ? [more] : []));
    const { title } = dimensionsByKey.get(state.sort);
    note.textContent = `${plural(ids.length, "design")}, sorted by ${title}`;
  }

  /** The shown designs in the columns of the tool's own CSV, after RFC 4180. */
  function csv() {
    const quote = (field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
    const names = dimensions.map(({ key }) => key);
    const lines = [[...names, "class", "on_front", "optimum_of", "model"]];
    for (const id of sortedIds()) {
      const optima = study.designs.optima.filter((entry) => entry[1] === id)
        .map((entry) => metrics[entry[0]].key).join(" ");
      lines.push([
        ...parameters.map((parameter) => labelOf(parameter, id)),
        ...metrics.map((metric) => String(metric.column[id])),
        classNames[classOf(id)], String(Boolean(isOnFront[id])), optima, modelOf(id),
      ]);
    }
    return lines.map((fields) => `${fields.map(quote).join(",")}\r\n`).join("");
  }

  function download() {
    const url = URL.createObjectURL(new Blob([csv()], { type: "text/csv" }));
    const name = study.name.replace(/[^\w.-]+/g, "-") || "study";
    const link = el("a", { href: url, download: `${name}.csv` });
    document.body.append(link);
    link.click();
    link.remove();
    // Some browsers read the text only after the click.
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  }

  return { render, csv };
})();
