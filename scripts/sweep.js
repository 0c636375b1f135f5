'use strict';
/**
 * `npm run sweep -- <folder>`: runs every example below a folder through init, plan, apply, a second plan and destroy in a sandbox of its own,
 * and prints a table (Markdown) of how far each came and why not further. An example is a folder with a provider block, required providers or
 * modules; where some lie in folders called `examples`, those alone. A folder called `name@version` above gives the module its version, and
 * a source of a registry (`terraform-aws-modules/vpc/aws`) leads to a folder below that has the name of that module (`terraform-aws-vpc@…`).
 * What an `account.json` in the swept folder lists (`sandbox cloud load`) is there before each example.
 * A variable without a default gets a value of the form that its name and type ask for. `--into FILE` writes the rows into the table between
 * `<!-- sweep -->` and `<!-- /sweep -->` of a file as well, in the place of earlier rows of the same examples; other rows stay.
 */
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { compilePackage, compileProject } = require('../terrace/bin/compile.js');

compilePackage();
const environment = path.join(compileProject(path.join(__dirname, '..')), 'terrace', 'sandbox', 'environment');
const { valueOfType } = require(path.join(environment, 'variable-types'));
const { valueSource } = require(path.join(environment, 'value-source'));
const { fits, requiredProviders } = require(path.join(environment, '..', 'providers', 'tools', 'required-providers'));
const { providerPackages, providerVersion } = require(path.join(environment, '..', '..', 'terraform', 'provider-packages'));
const tool = path.join(environment, '..', '..');
const { outputWidth } = require(path.join(tool, 'base', 'line-width'));
const { painter } = require(path.join(tool, 'base', 'paint'));
const { progress } = require(path.join(tool, 'delivery', 'report', 'progress'));
const { unitLine } = require(path.join(tool, 'delivery', 'report', 'unit-lines'));

const program = path.join(__dirname, '..', 'terrace', 'bin', 'terrace.js');
const project = path.join(__dirname, '..');
const steps = [
  ['init', ['init', '-input=false', '-no-color']],
  ['plan', ['plan', '-input=false', '-no-color']],
  ['apply', ['apply', '-auto-approve', '-input=false', '-no-color']],
  ['replan', ['plan', '-input=false', '-no-color', '-detailed-exitcode']],
  ['destroy', ['destroy', '-auto-approve', '-input=false', '-no-color']],
];
const skipped = /\/(\.terraform[^/]*|\.git|node_modules)$/;

/** Folders that terraform can run in, the outer ones first; hidden ones are left out. */
function runnable(folder) {
  const entries = fs.readdirSync(folder, { withFileTypes: true }).sort((left, right) => left.name.localeCompare(right.name));
  const texts = entries
    .filter((one) => one.isFile() && /\.tf(\.json)?$/.test(one.name))
    .map((one) => fs.readFileSync(path.join(folder, one.name), 'utf8'));
  const own = texts.some((text) => /^\s*provider\s+"|"provider"\s*:|required_providers|^\s*module\s+"/m.test(text)) ? [folder] : [];
  const inner = entries
    .filter((one) => one.isDirectory() && !one.name.startsWith('.'))
    .flatMap((one) => runnable(path.join(folder, one.name)));
  return [...own, ...inner];
}

function examples(root) {
  const found = runnable(root);
  const named = found.filter((folder) => /\/examples?\//.test(folder.slice(root.length)));
  return named.length > 0 ? named : found;
}

/**
 * Modules of a registry, where a folder of their name is there: `terraform-aws-modules/vpc/aws` is `terraform-aws-vpc@6.6.0`; of several the
 * latest that the version asked for takes.
 */
function linkModules(root) {
  const folders = fs.readdirSync(root).filter((name) => name.startsWith('terraform-'));
  const source = /(\bsource\s*=\s*)"([\w-]+)\/([\w-]+)\/([\w-]+)(\/\/[^"]*)?"(\s*\n\s*version\s*=\s*"[^"]*")?/g;
  for (const file of fs.readdirSync(root, { recursive: true }).filter((name) => String(name).endsWith('.tf'))) {
    const at = path.join(root, String(file));
    const text = fs.readFileSync(at, 'utf8');
    const linked = text.replaceAll(source, (whole, assigned, _, name, system, inner = '', asked = '') => {
      const named = folders.filter((one) => one.split('@')[0] === `terraform-${system}-${name}`).sort(byVersion);
      const constraint = /"(.*)"/.exec(asked)?.[1] ?? '';
      const folder = named.find((one) => fits(one.split('@')[1] ?? '', constraint)) ?? named[0];
      if (folder === undefined) return whole;
      const relative = path.relative(path.dirname(at), path.join(root, folder, inner.slice(1)));
      return `${assigned}"${relative.startsWith('.') ? relative : `./${relative}`}"`;
    });
    if (linked !== text) fs.writeFileSync(at, linked);
  }
}

/** Folders of one module, the latest version first. */
function byVersion(left, right) {
  const parts = (one) => (one.split('@')[1] ?? '').split('.').map(Number);
  const [a, b] = [parts(left), parts(right)];
  const at = a.findIndex((part, index) => part !== b[index]);
  return at < 0 ? 0 : (b[at] ?? 0) - (a[at] ?? 0);
}

/** Values for the variables that an example asks for, by name, as `TF_VAR_` takes them: the same at every sweep. */
function variablesOf(folder) {
  const files = fs.readdirSync(folder).filter((name) => name.endsWith('.tf'));
  const texts = files.map((name) => fs.readFileSync(path.join(folder, name), 'utf8'));
  const blocks = texts.flatMap((text) => [
    ...text.matchAll(/^variable\s+"([\w-]+)"\s*\{([\s\S]*?)^\}|^variable\s+"([\w-]+)"\s*\{(.*)\}\s*$/gm),
  ]);
  const uses = (word) => texts.some((text) => text.includes(word)) || folder.includes(word);
  const region = uses('google') ? 'europe-west3' : uses('azurerm') ? 'westeurope' : 'eu-central-1';
  return Object.fromEntries(
    blocks.flatMap(([, name, body = '', short, line]) => {
      const [variable, text] = [name ?? short, line ?? body];
      if (/^\s*default\s*=/m.test(text)) return [];
      const type = /^\s*type\s*=\s*([\s\S]*?)(?=^\s*(?:description|validation|nullable|sensitive|ephemeral)\b|(?![\s\S]))/m
        .exec(text)?.[1]
        ?.trim();
      const description = /^\s*description\s*=\s*"(.*)"/m.exec(text)?.[1] ?? '';
      const source = valueSource(variable, { account: '111122223333', region });
      const value = valueOfType(type ?? 'string', variable, description, source);
      return [[`TF_VAR_${variable}`, typeof value === 'string' ? value : JSON.stringify(value)]];
    }),
  );
}

/** The first error that terraform printed, on one line; of a provider that is not simulated, what the sandbox says of it. */
function causeOf(output) {
  const absent = /provider (?:registry\.\w+\.\w+\/)?([\w./-]+)\s+was\s+not\s+found[\s\S]*?\/(not\s+simulated:[^\n]*)/.exec(
    output.replaceAll(/[│╷╵]/g, ' '),
  );
  if (absent !== null) return `${absent[1]} is ${absent[2]}`.replaceAll(/\s+/g, ' ').trim();
  const command = /Error running command\s+'\s*([\w.-]+)/.exec(output.replaceAll(/[│╷╵]/g, ' '))?.[1];
  if (command !== undefined) {
    const printed =
      /exit status \d+\.\s+Output:([\s\S]*)/.exec(output.replaceAll(/[│╷╵]/g, ' '))?.[1]?.replaceAll(/\s+/g, ' ').trim() ?? '';
    return /^(curl|wget|git)$/.test(command)
      ? `a provisioner runs ${command}, which failed: nothing leaves the machine`
      : `a provisioner failed: ${printed.slice(-160)}`.replaceAll('|', '\\|');
  }
  const error = /Error: ([\s\S]*?)\n\s*\n([\s\S]{0,400})/.exec(output);
  const text =
    error === null
      ? (output.trim().split('\n').at(-1) ?? '')
      : /^(Failed|Unsupported|Invalid|Missing|Unreadable|Inconsistent|Provider|Error|local-exec)/.test(error[1] ?? '')
        ? `${error[1]}: ${error[2]}`
        : error[1];
  return text.replaceAll(/[│╷╵]/g, '').replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim().slice(0, 160);
}

function terrace(args, options = {}) {
  return spawnSync(process.execPath, [program, '--project', project, 'sandbox', ...args], { encoding: 'utf8', ...options });
}

/** Providers that a folder and its modules ask for in a later version than the simulated one, where an argument or type is not known. */
function laterProviders(folder, output) {
  if (
    !/Unsupported (argument|block type|attribute)|Invalid (resource type|data source)|does not support (resource|data source)/.test(output)
  )
    return '';
  const asked = requiredProviders(folder, process.env.TF_DATA_DIR ?? '.terraform').flatMap(({ source, constraint }) => {
    const one = providerPackages.find((each) => each.source === source);
    const version = one === undefined ? '' : providerVersion(project, one);
    return version === '' || fits(version, constraint) ? [] : [`${one.name} ${constraint} is asked for, simulated is ${version}: `];
  });
  return asked.at(-1) ?? '';
}

/** Why a second plan has changes: an example that asks for the time has them everywhere. */
function changing(folder) {
  const isTimed = fs
    .readdirSync(folder)
    .some((name) => name.endsWith('.tf') && /\b(plan)?timestamp\(\)/.test(fs.readFileSync(path.join(folder, name), 'utf8')));
  return `changes at the second plan${isTimed ? ': it asks for timestamp(), in reality too' : ''}`;
}

/** Milliseconds after which a step is taken to hang. */
const hangs = 600_000;

/** How far one folder comes, with the variables of the sandbox that this process runs in. */
function sweep(folder, begun) {
  const env = { ...process.env, ...variablesOf(folder) };
  for (const [name, args] of steps) {
    begun(String(name));
    const done = spawnSync('terraform', args, { cwd: folder, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, timeout: hangs });
    const output = `${done.stdout}\n${done.stderr}`;
    if (done.signal !== null) return { result: `${String(name)} failed`, cause: `it did not end within ${hangs / 60_000} minutes` };
    if (done.status !== 0)
      return {
        result: `${String(name)} failed`,
        cause: name === 'replan' && done.status === 2 ? changing(folder) : `${laterProviders(folder, output)}${causeOf(output)}`,
      };
  }
  return { result: 'all steps', cause: '' };
}

const begin = '<!-- sweep -->';
const end = '<!-- /sweep -->';
const heading = '| module | version | result | cause |\n|---|---|---|---|\n';
const lineOf = (row) => `| ${row.name} | ${row.version} | ${row.result} | ${row.cause} |\n`;

/** Puts rows into the table of a file, in the place of those of the same examples. */
function writeInto(file, rows) {
  const text = fs.readFileSync(file, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`no ${begin} … ${end} in ${file}`);
  const earlier = text
    .slice(from, to)
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| module |'))
    .map((line) => [/^\| (.*?) \|/.exec(line)?.[1] ?? '', `${line}\n`]);
  const all = new Map([...earlier, ...rows.map((row) => [row.name, lineOf(row)])]);
  const sorted = [...all].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, line]) => line);
  const done = sorted.filter((line) => line.includes('| all steps |')).length;
  const table = `${begin}\n\n${done} of ${sorted.length} examples go through every step:\n\n${heading}${sorted.join('')}\n`;
  fs.writeFileSync(file, `${text.slice(0, from)}${table}${text.slice(to)}`);
}

/** As other commands show work: each example below its module, what failed in red, and on a terminal what runs now. */
function display(names) {
  const shown = progress();
  const paint = painter(process.stderr, process.env);
  const placed = (name) => /^([^/]+)\/(?:examples\/)?(.+)$/.exec(name)?.slice(1) ?? ['', name];
  const longest = (place) => Math.max(...names.map(placed).flatMap(([one, own]) => (one === place ? [own.length] : [])));
  let heading = '';
  return {
    begun: (name, step) => process.stderr.isTTY && shown.step(`${placed(name)[1]} ${step}`),
    ended: (name, { result, cause }) => {
      const [place, own] = placed(name);
      if (place !== heading) shown.line(paint('strong', place));
      heading = place;
      const text = `${paint(result === 'all steps' ? 'good' : 'bad', result)}${cause === '' ? '' : `: ${cause}`}`;
      for (const line of unitLine(own, longest(place), text, outputWidth(process.stderr, process.env))) shown.line(line);
    },
    close: shown.close,
  };
}

function sweepAll(work, into) {
  const tree = path.join(work, 'tree');
  const rows = [];
  const folders = examples(tree);
  const nameOf = (folder) => path.relative(tree, folder) || '.';
  const shown = display(folders.map(nameOf));
  for (const folder of folders) {
    terrace(['reset', '--dir', path.join(work, 'box')]);
    const held = path.join(tree, 'account.json');
    if (fs.existsSync(held)) terrace(['cloud', 'load', held, '--dir', path.join(work, 'box')]);
    const name = nameOf(folder);
    const { result, cause } = sweep(folder, (step) => shown.begun(name, step));
    shown.ended(name, { result, cause });
    const version = /@([^/]+)/.exec(name)?.[1] ?? '';
    rows.push({ name: name.replace(/@[^/]+/, '').replace('/examples/', ' '), version, result, cause });
    if (into !== undefined) writeInto(into, rows.slice(-1));
  }
  shown.close();
  process.stdout.write(`${heading}${rows.map(lineOf).join('')}`);
  process.stdout.write(`\n${rows.filter((row) => row.result === 'all steps').length} of ${rows.length} go through every step\n`);
  return rows.length === 0 ? 1 : 0;
}

/** Copies the folder, and sweeps the copy in a process within a sandbox of its own. */
function main(root, into) {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'terrace-sweep-'));
  try {
    fs.cpSync(root, path.join(work, 'tree'), { recursive: true, filter: (source) => !skipped.test(source) });
    linkModules(path.join(work, 'tree'));
    const command = [
      'exec',
      '--dir',
      path.join(work, 'box'),
      '--',
      process.execPath,
      __filename,
      '--within',
      work,
      ...(into === undefined ? [] : [into]),
    ];
    return terrace(command, { stdio: 'inherit', env: { ...process.env, INIT_CWD: undefined } }).status ?? 1;
  } finally {
    terrace(['stop', '--dir', path.join(work, 'box')]);
    fs.rmSync(work, { recursive: true, force: true });
  }
}

const usage = `Usage: npm run sweep -- <folder> [--into FILE]

Runs every example below a folder through init, plan, apply, a second plan and destroy, each in a
sandbox of its own, and prints a table of how far it came and why not further.

  npm run sweep -- ../modules                                     prints the table
  npm run sweep -- ../modules --into docs/simulated-providers.md  writes its rows there as well
`;

/** What the command line asks for; what is wrong with it goes to standard error and ends with 64. */
function asked(words) {
  if (words.includes('--help')) {
    process.stdout.write(usage);
    return 0;
  }
  const [folder, option, file] = words;
  const wrong =
    folder === undefined
      ? 'no folder is named'
      : !fs.existsSync(folder)
        ? `there is no folder ${folder}`
        : option !== undefined && (option !== '--into' || file === undefined || words.length > 3)
          ? `${words.slice(1).join(' ')} is not understood`
          : file !== undefined && !fs.existsSync(file)
            ? `there is no file ${file}`
            : undefined;
  if (wrong === undefined) return main(path.resolve(folder), file === undefined ? undefined : path.resolve(file));
  process.stderr.write(`${wrong}\n\n${usage}`);
  return 64;
}

const [first, second, third] = process.argv.slice(2);
process.exitCode = first === '--within' ? sweepAll(second, third) : asked(process.argv.slice(2));
