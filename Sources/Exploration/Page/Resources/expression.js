// Constraints as people type them: `fps >= 30 && area_mm2 < 4`. Parsed, never evaluated as code.

const expressionFunctions = {
  min: Math.min, max: Math.max, abs: Math.abs, ceil: Math.ceil, floor: Math.floor,
  log2: Math.log2, pow: Math.pow,
};

/** Operators from the loosest to the tightest. */
const expressionLevels = [
  { "||": (a, b) => a || b },
  { "&&": (a, b) => a && b },
  {
    "==": (a, b) => a === b, "!=": (a, b) => a !== b, "<=": (a, b) => a <= b,
    ">=": (a, b) => a >= b, "<": (a, b) => a < b, ">": (a, b) => a > b,
  },
  { "+": (a, b) => a + b, "-": (a, b) => a - b },
  { "*": (a, b) => a * b, "/": (a, b) => a / b, "%": (a, b) => a % b },
];

function expressionTokens(text) {
  const tokens = [];
  const parts = [
    /([0-9]+\.?[0-9]*(?:[eE][-+]?[0-9]+)?|\.[0-9]+)/, /([A-Za-z_]\w*)/, /'([^']*)'/,
    /(\|\||&&|[=!<>]=|[-+*/%<>!?:(),])/,
  ];
  const pattern = new RegExp(`\\s*(?:${parts.map((part) => part.source).join("|")})`, "y");
  let end = 0;
  while (text.slice(end).trim() !== "") {
    pattern.lastIndex = end;
    const match = pattern.exec(text);
    if (!match) throw new Error(`“${text.slice(end).trim()[0]}” is not understood`);
    end = pattern.lastIndex;
    const [, number, name, quoted, sign] = match;
    if (number !== undefined) tokens.push({ number: Number(number) });
    else if (name !== undefined) tokens.push({ name });
    else if (quoted !== undefined) tokens.push({ quoted });
    else tokens.push({ sign });
  }
  return tokens;
}

/**
 * Parses an expression.
 *
 * @returns a function from a design to the value. Throws an Error with a sentence.
 */
function parseExpression(text) {
  const tokens = expressionTokens(text);
  let position = 0;
  const isSign = (sign) => tokens[position]?.sign === sign;
  const take = (sign) => {
    if (!isSign(sign)) throw new Error(`“${sign}” is missing`);
    position += 1;
  };

  const primary = () => {
    const token = tokens[position];
    if (!token) throw new Error("the constraint is not finished");
    position += 1;
    if (token.number !== undefined) return () => token.number;
    if (token.quoted !== undefined) return () => token.quoted;
    if (token.sign === "(") {
      const inner = conditional();
      take(")");
      return inner;
    }
    if (token.sign === "-" || token.sign === "!") {
      const inner = primary();
      return token.sign === "-" ? (id) => -inner(id) : (id) => !inner(id);
    }
    if (token.name === undefined) throw new Error(`“${token.sign}” is in the wrong place`);
    if (isSign("(")) return call(token.name);
    if (token.name === "true" || token.name === "false") return () => token.name === "true";
    const dimension = dimensionsByKey.get(token.name);
    if (!dimension) throw new Error(`“${token.name}” is no parameter or metric`);
    return dimension.isText
      ? (id) => dimension.values[dimension.rows[id]] : (id) => dimension.column[id];
  };

  const call = (name) => {
    const apply = Object.hasOwn(expressionFunctions, name) ? expressionFunctions[name] : null;
    if (!apply) throw new Error(`“${name}” is no function`);
    take("(");
    const parts = [conditional()];
    while (isSign(",")) {
      position += 1;
      parts.push(conditional());
    }
    take(")");
    return (id) => apply(...parts.map((part) => part(id)));
  };

  const level = (index) => {
    if (index === expressionLevels.length) return primary();
    let left = level(index + 1);
    for (;;) {
      const sign = tokens[position]?.sign;
      const apply = sign && Object.hasOwn(expressionLevels[index], sign)
        ? expressionLevels[index][sign] : null;
      if (!apply) return left;
      position += 1;
      const [first, second] = [left, level(index + 1)];
      left = (id) => apply(first(id), second(id));
    }
  };

  const conditional = () => {
    const condition = level(0);
    if (!isSign("?")) return condition;
    position += 1;
    const first = conditional();
    take(":");
    const second = conditional();
    return (id) => (condition(id) ? first(id) : second(id));
  };

  const result = conditional();
  if (position < tokens.length) throw new Error("there is something after the end");
  return result;
}

/** The study's constraints as functions, where this page can follow them. */
const studyConstraints = study.constraints.flatMap((text) => {
  try {
    return [{ text, test: parseExpression(text) }];
  } catch {
    return [];
  }
});

function missedConstraints(id) {
  return studyConstraints.filter(({ test }) => !test(id)).map(({ text }) => text);
}
