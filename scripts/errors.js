'use strict';
/**
 * Collects every error code of the sources with its title and writes docs/errors.md; with --check, compares and ends with 1 where the
 * document is out of date. One code has one title: a second one is an error here.
 */
const fs = require('node:fs');
const path = require('node:path');

const causes = require('./error-causes.json');
const words = require('./error-words.json');
const { exampleOf, holesOf, isGeneral } = require('./error-examples.js');
const { messagesIn } = require('./error-messages.js');

const root = path.resolve(__dirname, '..');
const document = path.join(root, 'docs', 'errors.md');
const folders = ['terrace', 'backend', 'stacks', 'modules', 'envcommon', 'policies', 'scripts'];

const areas = [
  ['E00', 'Command line and project'],
  ['E04', 'Permissions'],
  ['E05', 'Pipelines'],
  ['E11', 'Values of the tree'],
  ['E12', 'Selectors'],
  ['E13', 'Units and dependencies'],
  ['E2', 'Values of the systems: networks, names, servers'],
  ['E3', 'Synthesis'],
  ['E4', 'Backend, state and locks'],
  ['E5', 'Sandbox'],
  ['E6', 'Plan, approve, apply'],
  ['E7', 'Review and policies'],
  ['E8', 'terraform'],
  ['E9', 'Diagrams and artifacts'],
];

function* sources(folder) {
  for (const entry of fs.existsSync(folder) ? fs.readdirSync(folder, { withFileTypes: true }) : []) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (file !== path.join(root, 'terrace', 'dist')) yield* sources(file);
    } else if (/\.(?:ts|tsx|js)$/.test(entry.name) && file !== __filename) yield file;
  }
}

const literal = String.raw`(?:'((?:[^'\\]|\\.)*)'|"([^"]*)"|` + '`([^`$]*)`)';
const patterns = [
  // { code: 'E1101', title: 'malformed account id', … } and { code: ternary } are told apart by what stands between.
  new RegExp(String.raw`code: '(E\d{4})',\s*title: ${literal}`, 'g'),
  // Tables of titles: E6001: 'not a bundle'
  new RegExp(String.raw`\b(E\d{4}): ${literal}`, 'g'),
  // Arguments: refused(target, 'E4406', 'lock changed', …)
  new RegExp(String.raw`'(E\d{4})', ${literal}`, 'g'),
];
/** Plain JavaScript and shell: `E0001 cannot compile   place`. */
const printed = /[`'"](E\d{4}) ([a-z][a-z ]+?)(?: {3}|:)/g;

/** What a message says, wherever it stands. */
function said({ found, expected, todo }) {
  return JSON.stringify([found, expected, todo]);
}

/** Code → titles → files. */
function collect() {
  const found = new Map();
  const mentioned = new Map();
  const messages = new Map();
  for (const file of folders.flatMap((folder) => [...sources(path.join(root, folder))])) {
    const text = fs.readFileSync(file, 'utf8');
    const name = path.relative(root, file).split(path.sep).join('/');
    for (const [, code] of text.matchAll(/['"`]?\b(E\d{4})\b/g)) mentioned.set(code, new Set([...(mentioned.get(code) ?? []), name]));
    for (const { code, ...raw } of messagesIn(text)) {
      const message = reworded(code, raw);
      const known = messages.get(code) ?? [];
      if (!known.some((one) => said(one) === said(message))) messages.set(code, [...known, message]);
    }
    for (const pattern of [...patterns, printed])
      for (const [, code, ...titles] of text.matchAll(pattern)) {
        const title = titles.find((one) => one !== undefined);
        if (!found.has(code)) found.set(code, new Map());
        const files = found.get(code).get(title) ?? new Set();
        found.get(code).set(title, files.add(name));
      }
  }
  // Messages that are put together elsewhere, or given in.
  const says = ({ found: cause = '', todo }) => todo !== undefined && /[a-z]{3}/.test(cause.replace(/<[^>]*>/g, ''));
  for (const [code, cause] of Object.entries(causes)) {
    const known = messages.get(code) ?? [];
    const silent = known.filter((one) => !says(one));
    const told = Array.isArray(cause) ? cause : silent.length === 0 ? [cause] : silent.map((one) => ({ ...one, ...cause }));
    messages.set(code, [
      ...known.filter(says),
      ...told.filter((one, index) => told.findIndex((other) => said(other) === said(one)) === index),
    ]);
  }
  return { found, mentioned, messages };
}

/** A message with what stands for it where the sources alone say too little (error-words.json): a text, and what its reader reads instead. */
function reworded(code, message) {
  const all = Object.entries(words[code] ?? {});
  const put = (text) => all.reduce((result, [from, to]) => result.replaceAll(from, to), text);
  return Object.fromEntries(Object.entries(message).map(([name, text]) => [name, name === 'place' ? text : put(text)]));
}

function render({ found, messages }) {
  const lines = [
    '# Errors',
    '',
    'Every error has a code, a place, what was found, what was expected and what to do. `terrace explain E6016` prints what this page says about one; `--debug` adds a stack trace to a message.',
    'Generated from the messages in the sources by `npm run docs:errors`: for each error its causes, what to do about each, and an example. `<name>` stands for what a message fills in; ` / ` separates what is said in one case from what is said in another.',
    '',
  ];
  for (const [prefix, title] of areas) {
    const codes = [...found.keys()]
      .filter((code) => code.startsWith(prefix) && areas.find(([other]) => code.startsWith(other))?.[0] === prefix)
      .sort((a, b) => (a < b ? -1 : 1));
    if (codes.length === 0) continue;
    lines.push(`## ${title}`, '');
    for (const code of codes) {
      const [[text, files]] = found.get(code);
      const places = [...files].sort((a, b) => (a < b ? -1 : 1)).map((file) => `\`${file}\``);
      lines.push(`### ${code} ${text}`, '');
      for (const { found: cause, expected, todo } of messages.get(code) ?? [])
        lines.push(
          [
            ...(cause === undefined ? [] : [`- ${escaped(cause)}`]),
            ...(expected === undefined ? [] : [`expected: ${escaped(expected)}`]),
            ...(todo === undefined ? [] : [`to do: ${escaped(todo)}`]),
          ]
            .map((line, index) => (index === 0 ? `- ${line.replace(/^- /, '')}` : `  ${line}`))
            .join('  \n'),
        );
      if ((messages.get(code) ?? []).length > 0) lines.push('');
      lines.push('```text', ...exampleOf(code, text, messages.get(code) ?? []), '```', '');
      lines.push(`Raised in ${places.join(', ')}.`, '');
    }
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

/** `<name>` is text, and no element of HTML. */
function escaped(text) {
  return text.replaceAll('<', '&lt;').replaceAll('*', '\\*').replaceAll('_', '\\_');
}

function problems({ found, mentioned, messages }) {
  const several = [...found]
    .filter(([, titles]) => titles.size > 1)
    .map(
      ([code, titles]) =>
        `${code} has ${titles.size} titles: ${[...titles].map(([title, files]) => `${title} (${[...files].join(', ')})`).join('; ')}`,
    );
  const untitled = [...mentioned]
    .filter(([code]) => !found.has(code))
    .map(([code, files]) => `${code} has no title: ${[...files].join(', ')}`);
  const causeless = [...found.keys()]
    .filter((code) => (messages.get(code) ?? []).length === 0 || messages.get(code).some(({ found: cause }) => cause === undefined))
    .map((code) => `${code} does not say what was found: scripts/error-causes.json`);
  const silent = [...found.keys()]
    .filter((code) => (messages.get(code) ?? []).some(({ todo }) => todo === undefined))
    .map((code) => `${code} does not say what to do: scripts/error-causes.json`);
  const examples = [...found].flatMap(([code, titles]) => {
    const all = messages.get(code) ?? [];
    return [
      ...holesOf(exampleOf(code, [...titles.keys()][0], all)).map((name) => `the example of ${code} leaves <${name}> open`),
      ...(isGeneral(code, all, causes[code]) ? [`${code} has no example of its own`] : []),
    ].map((line) => `${line}: scripts/error-samples.json`);
  });
  return [...several, ...untitled, ...causeless, ...silent, ...examples].sort((a, b) => (a < b ? -1 : 1));
}

function knownError(code, found, messages) {
  const [title] = found.get(code).keys();
  const all = messages.get(code) ?? [];
  return { title, messages: all.map(({ place: _place, ...message }) => message), example: exampleOf(code, title, all) };
}

/** Code → title and messages, for `terrace explain <code>`. */
function catalogue({ found, messages }) {
  const codes = [...found.keys()].sort((a, b) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(codes.map((code) => [code, knownError(code, found, messages)])), null, 1)}\n`;
}

const collected = collect();
const wrong = problems(collected);
const written = new Map([
  [document, render(collected)],
  [path.join(root, 'terrace', 'cli', 'error-catalogue.json'), catalogue(collected)],
]);
if (process.argv.includes('--check')) {
  const current = [...written].every(([file, content]) => fs.existsSync(file) && fs.readFileSync(file, 'utf8') === content);
  for (const line of [...wrong, ...(current ? [] : ['docs/errors.md is out of date: npm run docs:errors'])])
    process.stderr.write(`${line}\n`);
  process.exit(wrong.length === 0 && current ? 0 : 1);
}
for (const line of wrong) process.stderr.write(`${line}\n`);
for (const [file, content] of written) fs.writeFileSync(file, content);
