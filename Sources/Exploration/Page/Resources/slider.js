// A slider with two handles that keeps what lies between them.

/**
 * @param label names the quantity.
 * @param steps position of the right end; the left end is 0.
 * @param onslide is called with both positions.
 */
function rangeSlider({ key, label, steps, backdrop, onslide }) {
  const bar = el("span", { class: "bar" });
  const handles = [0, 1].map((end) => el("input", {
    type: "range", min: 0, max: steps, step: 1, "data-key": key, "data-end": end,
    "aria-label": `${end ? "greatest" : "least"} ${label}`,
    oninput: () => {
      const places = handles.map((handle) => Number(handle.value));
      // A handle pushes the other along.
      if (places[0] > places[1]) places[1 - end] = places[end];
      onslide(places[0], places[1], end);
    },
  }));
  return {
    element: el("div", { class: "sliders" }, bar, backdrop, handles),
    show(low, high) {
      handles[0].value = low;
      handles[1].value = high;
      // Both handles at the right end: the left one must stay reachable.
      handles[0].style.zIndex = low > steps / 2 ? 1 : 0;
      bar.style.left = `${(100 * low) / Math.max(steps, 1)}%`;
      bar.style.right = `${100 - (100 * high) / Math.max(steps, 1)}%`;
    },
  };
}
