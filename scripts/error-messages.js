'use strict';
/**
 * What errors say, read from the sources: for each code the texts of `found`, `expected` and `todo` at every place that raises it, with `<name>` for what is
 * filled in. Looks at brackets, strings and templates, not at the grammar.
 */

/** Of a code within a literal, and of one that stands as an argument before a literal. */
function messagesIn(text) {
  const found = [];
  for (const match of text.matchAll(/['"](E\d{4})['"]/g)) {
    const literal = literalAround(text, match.index) ?? literalAfter(text, match.index + match[0].length);
    if (literal === undefined) continue;
    const properties = propertiesOf(literal);
    const said = Object.fromEntries(
      ['found', 'expected', 'todo'].flatMap((name) => {
        const words = properties.has(name) ? wordsOf(properties.get(name)) : '';
        return words === '' ? [] : [[name, words]];
      }),
    );
    const place = properties.has('place') ? placeOf(properties.get('place')) : '';
    if (said.found !== undefined || said.todo !== undefined) found.push({ code: match[1], ...said, ...(place === '' ? {} : { place }) });
  }
  return found;
}

/** The literal whose property `code` stands at an index, in whatever condition it stands. */
function literalAround(text, index) {
  const start = text.lastIndexOf('{', index);
  if (start < 0 || !/\bcode:[^;{}]*$/.test(text.slice(start, index))) return undefined;
  // Where a condition chooses between literals of a code and a title, what says more lies around them.
  const own = balanced(text, start);
  if (own !== undefined && /\b(?:found|todo)\b/.test(own)) return own;
  const outer = enclosing(text, start);
  return outer === undefined ? own : balanced(text, outer);
}

function literalAfter(text, index) {
  const gap = /^,\s*(?:\n\s*)?/.exec(text.slice(index));
  if (gap === null) return undefined;
  const start = text.indexOf('{', index);
  return start < 0 || start > index + 200 ? undefined : balanced(text, start);
}

/** The bracket that encloses another one, not further than a screen before it. */
function enclosing(text, index) {
  let depth = 0;
  for (let at = index - 1; at > Math.max(0, index - 1500); at -= 1) {
    if (text[at] === '}') depth += 1;
    else if (text[at] === '{') {
      if (depth === 0) return at;
      depth -= 1;
    }
  }
  return undefined;
}

/** Everything from a bracket to the one that closes it. */
function balanced(text, start) {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const end = skipped(text, at);
    if (end > at) {
      at = end - 1;
      continue;
    }
    if ('{(['.includes(text[at])) depth += 1;
    else if ('})]'.includes(text[at])) {
      depth -= 1;
      if (depth === 0) return text.slice(start, at + 1);
    }
  }
  return undefined;
}

/** Where a string, template or comment that begins here ends; the index itself for anything else. */
function skipped(text, at) {
  const [one, two] = [text[at], text.slice(at, at + 2)];
  if (two === '//') return lineEnd(text, at);
  if (two === '/*') return text.indexOf('*/', at) + 2;
  if (one === "'" || one === '"') {
    for (let end = at + 1; end < text.length; end += 1) {
      if (text[end] === '\\') end += 1;
      else if (text[end] === one) return end + 1;
      else if (text[end] === '\n') return at;
    }
    return at;
  }
  if (one !== '`') return at;
  for (let end = at + 1; end < text.length; end += 1) {
    if (text[end] === '\\') end += 1;
    else if (text[end] === '`') return end + 1;
    else if (text.slice(end, end + 2) === '${') end += (balanced(text, end + 1) ?? '').length;
  }
  return at;
}

function lineEnd(text, at) {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** The properties of a literal by their names, as source text. */
function propertiesOf(literal) {
  const properties = new Map();
  let depth = 0;
  let start = 1;
  const add = (end) => {
    const match = /^\s*(\w+)\s*:\s*([^]*)$/.exec(literal.slice(start, end));
    if (match !== null) properties.set(match[1], match[2].trim());
    start = end + 1;
  };
  for (let at = 1; at < literal.length - 1; at += 1) {
    const end = skipped(literal, at);
    if (end > at) at = end - 1;
    else if ('{(['.includes(literal[at])) depth += 1;
    else if ('})]'.includes(literal[at])) depth -= 1;
    else if (literal[at] === ',' && depth === 0) add(at);
  }
  add(literal.length - 1);
  return properties;
}

/** Where a problem stands: the text itself, or a name for what is filled in. */
function placeOf(expression) {
  return wordsOf(expression) || `<${nameOf(expression)}>`;
}

/** The texts of an expression, in their order; several, as a condition has, with `or` between them. */
function wordsOf(expression) {
  const texts = [];
  for (let at = 0; at < expression.length; at += 1) {
    const end = skipped(expression, at);
    if (end <= at) continue;
    const text = expression.slice(at, end);
    if (/^['"`]/.test(text)) texts.push(plain(text));
    at = end - 1;
  }
  const said = texts.filter((text) => /[a-z]{3}/i.test(text) && text !== 'utf8');
  return said.length > 0 ? said.join(' / ') : '';
}

/** A string or template as its reader meets it. */
function plain(text) {
  let result = '';
  for (let at = 1; at < text.length - 1; at += 1) {
    if (text[at] === '\\') {
      result += text[at + 1] === 'n' ? ' ' : text[at + 1];
      at += 1;
    } else if (text[0] === '`' && text.slice(at, at + 2) === '${') {
      const inner = balanced(text, at + 1) ?? '{}';
      result += `<${nameOf(inner.slice(1, -1))}>`;
      at += inner.length;
    } else result += text[at];
  }
  return result.replace(/\s+/g, ' ').trim();
}

/** A word for what is filled in: the last name of an expression. */
function nameOf(expression) {
  const names = expression.replace(/(['"`])(?:\\.|(?!\1).)*\1/g, '').match(/[A-Za-z_]\w*/g) ?? [];
  const word = names.findLast(
    (name) => !/^(?:join|map|slice|String|length|toString|filter|sort|trim|at|undefined|null|stack|text)$/.test(name),
  );
  return (word ?? 'value').replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

module.exports = { messagesIn };
