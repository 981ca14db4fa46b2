// The filters: classes, values of parameters, ranges of metrics, a typed constraint.

const filters = (() => {
  const counts = el("p", { class: "counts", "aria-live": "polite" });
  const reset = el("button", { type: "button", onclick: () => update(() => {
    state.hiddenClasses.clear();
    state.ranges.clear();
    state.hiddenValues.clear();
    state.query = "";
  }) }, "Reset filters");

  /** A button that shows or hides something. */
  const chip = (content, onclick, attributes = {}) =>
    el("button", {
      type: "button", class: "chip", "aria-pressed": "true", onclick, ...attributes,
    }, content);
  const show = (button, isOn) => button.setAttribute("aria-pressed", String(isOn));

  const toggle = (set, element) => {
    if (!set.delete(element)) set.add(element);
  };

  const classChips = classNames.map((name, index) => chip(
    [classMark(index), name], () => update(() => toggle(state.hiddenClasses, index)),
    { "data-class": name }));

  /** Values one by one. */
  function valueChips(parameter) {
    const { key, order, labels } = parameter;
    const press = (index, keepsAlone) => update(() => {
      const hidden = new Set(keepsAlone ? order : state.hiddenValues.get(key));
      toggle(hidden, index);
      setHidden(parameter, hidden);
    });
    const chips = order.map((index) => ({
      index,
      button: chip(labels[index], (event) => press(index, event.shiftKey), {
        title: "Shift-click keeps this value alone", "data-key": key, "data-index": index,
      }),
    }));
    const sync = () => {
      const hidden = state.hiddenValues.get(key);
      for (const { index, button } of chips) show(button, !hidden?.has(index));
    };
    return { element: el("div", { class: "chips" }, chips.map(({ button }) => button)), sync };
  }

  /** Many values as a range of them, in ascending order. */
  function valueRange(parameter) {
    const { order, labels } = parameter;
    const note = el("span", { class: "note" });
    const slider = rangeSlider({
      key: parameter.key, label: parameter.title, steps: order.length - 1,
      onslide: (low, high) => update(() => setHidden(parameter,
        new Set(order.filter((_, place) => place < low || place > high)))),
    });
    const sync = () => {
      const hidden = state.hiddenValues.get(parameter.key);
      const kept = order.flatMap((index, place) => (hidden?.has(index) ? [] : [place]));
      const [low, high] = [kept[0], kept.at(-1)];
      slider.show(low, high);
      const gaps = high - low + 1 - kept.length;
      const range = `${labels[order[low]]} to ${labels[order[high]]}`;
      note.textContent = gaps ? `${range}, ${gaps} left out` : range;
    };
    return { element: el("div", { class: "range plain" }, slider.element, note), sync };
  }

  const values = parameters.map((parameter) => ({
    parameter, ...(parameter.values.length > 12 ? valueRange : valueChips)(parameter),
  }));

  // Sliders have 1000 steps; the ends are open.
  const steps = 1000;
  const valueAt = (metric, step) => (metric.isLogByDefault
    ? metric.min * (metric.max / metric.min) ** (step / steps)
    : metric.min + ((metric.max - metric.min) * step) / steps);
  const stepAt = (metric, value) =>
    Math.round(Math.min(Math.max(shareOf(metric, value), 0), 1) * steps);

  function rangeFilter(metric) {
    const current = () => state.ranges.get(metric.key) ?? [-Infinity, Infinity];
    const slider = rangeSlider({
      key: metric.key, label: axisTitle(metric), steps, backdrop: histogram(metric),
      onslide: (low, high, moved) => update(() => {
        const range = [...current()];
        const bound = (step, end) => (step === (end ? steps : 0)
          ? (end ? Infinity : -Infinity) : Number(valueAt(metric, step).toPrecision(4)));
        range[moved] = bound(moved ? high : low, moved);
        if (range[0] > range[1]) range[1 - moved] = range[moved];
        setRange(metric.key, ...range);
      }),
    });
    const fields = [0, 1].map((end) => {
      const field = el("input", {
        type: "text", inputmode: "decimal", "data-key": metric.key, "data-field": end,
        "aria-label": `${end ? "greatest" : "least"} ${axisTitle(metric)}`,
        onchange: () => update(() => {
          const range = [...current()];
          const text = field.value.replace(/[\s\u202f]/g, "").replace(",", ".");
          const value = text === "" ? NaN : Number(text);
          range[end] = Number.isNaN(value) ? (end ? Infinity : -Infinity) : value;
          setRange(metric.key, ...range);
        }),
      });
      return field;
    });
    const element = el("div", { class: "range" },
      el("div", { class: "name" }, metric.title, unitOf(metric)),
      slider.element, el("div", { class: "fields" }, fields[0], "to", fields[1]));
    const sync = () => {
      const range = current();
      slider.show(...range.map((value, end) =>
        (Number.isFinite(value) ? stepAt(metric, value) : end * steps)));
      fields.forEach((field, end) => {
        if (document.activeElement !== field) {
          field.value = Number.isFinite(range[end]) ? String(range[end]) : "";
        }
        field.placeholder = formatNumber(end ? metric.max : metric.min);
      });
      element.classList.toggle("active", state.ranges.has(metric.key));
    };
    return { element, sync };
  }

  /** How a metric's values are spread, along its slider. */
  function histogram(metric) {
    const bins = new Float64Array(32);
    for (const value of metric.column) {
      if (Number.isFinite(value)) bins[Math.min(31, Math.floor(shareOf(metric, value) * 32))] += 1;
    }
    const most = Math.max(...bins, 1);
    let path = "M0 20";
    bins.forEach((number, index) => {
      path += `L${index} ${20 - 20 * Math.sqrt(number / most)}h1`;
    });
    return svg("svg", {
      class: "histogram", viewBox: "0 0 32 20", preserveAspectRatio: "none", "aria-hidden": "true",
    }, svg("path", { d: `${path}V20Z` }));
  }

  const ranges = metrics.map((metric) => ({ metric, ...rangeFilter(metric) }));
  const query = el("input", {
    type: "text", id: "query", placeholder: "fps >= 30 && area_mm2 < 4", spellcheck: "false",
    autocomplete: "off", "aria-describedby": "query-error",
    oninput: () => update(() => { state.query = query.value; }),
  });
  const queryNote = el("p", { class: "error", id: "query-error", role: "alert" });

  const titled = (title, ...content) =>
    el("div", { class: "filter" }, el("h3", {}, title), content);
  const isMain = ({ metric }) => studyMetrics.includes(metric);
  const elements = (list) => list.map(({ element }) => element);
  const rest = ranges.filter((range) => !isMain(range));
  const body = el("div", { class: "body" },
    titled("Class", el("div", { class: "chips" }, classChips)),
    values.map(({ parameter, element }) => titled(parameter.title, element)),
    el("div", { class: "filter" }, elements(ranges.filter(isMain)),
      rest.length
        ? el("details", {}, el("summary", {}, "More metrics"), elements(rest)) : null),
    titled(el("label", { for: "query" }, "Constraint"), query, queryNote,
      el("p", { class: "hint" }, `Names: ${dimensions.map(({ key }) => key).join(", ")}`)));
  const copyLink = el("button", {
    type: "button", onclick: (event) => copyText(window.location.href, event.currentTarget),
  }, "Copy link to view");
  byId("filters").append(counts, el("div", { class: "buttons" }, reset, copyLink),
    el("details", { class: "panel", open: window.innerWidth >= 900 },
      el("summary", {}, "Filters"), body));

  function render() {
    const classes = [0, 0, 0];
    for (const id of visibleIds) classes[classOf(id)] += 1;
    counts.replaceChildren(
      el("strong", { id: "visible-count" }, formatCount(visibleIds.length)),
      ` of ${plural(count, "design")} shown`,
      el("span", { class: "parts" }, classNames.map((name, index) => el("span", {
        "data-count": name,
      }, classMark(index), `${formatCount(classes[index])} ${name}`))));
    reset.disabled = !isFiltered();
    classChips.forEach((button, index) => show(button, !state.hiddenClasses.has(index)));
    for (const { sync } of values) sync();
    for (const { sync } of ranges) sync();
    if (document.activeElement !== query) query.value = state.query;
    queryNote.textContent = queryError;
    query.setAttribute("aria-invalid", String(queryError !== ""));
  }

  return { render };
})();
