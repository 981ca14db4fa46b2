// Elements. Text is always set as text and never parsed, because names come from users.

const byId = (id) => document.getElementById(id);

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value);
    }
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

/** An HTML element; attributes `on…` are listeners, strings among the children become text. */
function el(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element. */
function svg(tag, attributes, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** A labelled choice; `options` are pairs of value and text, or groups `{ label, options }`. */
function choice(label, options, value, onchange) {
  const option = ([key, text]) => el("option", { value: key }, text);
  const select = el(
    "select", { onchange: () => onchange(select.value) },
    options.map((entry) => Array.isArray(entry)
      ? option(entry)
      : el("optgroup", { label: entry.label }, entry.options.map(option))));
  select.value = value;
  return { element: el("label", { class: "choice" }, el("span", {}, label), select), select };
}

/** A labelled check box. */
function checkbox(label, isOn, onchange) {
  const input = el("input", { type: "checkbox", onchange: () => onchange(input.checked) });
  input.checked = isOn;
  return { element: el("label", { class: "check" }, input, label), input };
}

/** Copies text and says so on the button. */
async function copyText(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Pages from files may lack the clipboard interface.
    const area = el("textarea", { class: "unseen" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  const label = button.textContent;
  button.textContent = "copied";
  button.disabled = true;
  setTimeout(() => {
    button.textContent = label;
    button.disabled = false;
  }, 1200);
}

/** A canvas of a size in CSS pixels, sharp on dense screens. */
function sizeCanvas(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
