// Numbers as people read them: four significant digits, thin spaces between groups of three.

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function groupDigits(digits) {
  return digits.replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

function formatCount(value) {
  return groupDigits(String(Math.round(value)));
}

/** Four significant digits, for example `1 840 000`, `12.34`, `1.234×10⁻⁷`. */
function formatNumber(value, digits = 4) {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (size >= 1e15 || size < 1e-4) {
    const [mantissa, exponent] = size.toExponential(digits - 1).split("e");
    const power = [...String(Number(exponent))]
      .map((c) => (c === "-" ? "⁻" : superscripts[Number(c)])).join("");
    return `${sign}${Number(mantissa)}×10${power}`;
  }
  if (size >= 999.5) return sign + formatCount(size);
  return sign + String(Number(size.toPrecision(digits)));
}

function withUnit(value, unit) {
  return unit ? `${formatNumber(value)}\u00a0${unit}` : formatNumber(value);
}

/** A label of an axis: short, with k, M and G for large numbers. */
function formatTick(value) {
  const size = Math.abs(value);
  for (const [scale, suffix] of [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
    if (size >= scale * 10 || (size >= scale && scale > 1e3)) {
      return `${Number((value / scale).toPrecision(4))}${suffix}`;
    }
  }
  return formatNumber(Number(value.toPrecision(6)));
}

function formatTime(seconds) {
  if (!Number.isFinite(seconds)) return "–";
  if (seconds < 99.95) return `${Number(seconds.toPrecision(3))} s`;
  const whole = Math.round(seconds);
  const two = (n) => String(n).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${formatCount(Math.floor(whole / 3600))} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** `one design`, `5 designs`. */
function plural(count, noun) {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}
