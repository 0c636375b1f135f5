'use strict';
/**
 * Runs Checkov over a synthesized tree and compares its findings with `checkov-exceptions.yml`, both ways:
 * `node scripts/checkov.js [folder of the tree]`. Ends with 1 where a finding is not listed, a listed one is no longer found, or nothing was read.
 * Checkov cannot read a `terraform` block with a `required_version` in JSON, so it gets copies without that block, which holds no resource.
 */
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const YAML = require('yaml');

const root = path.resolve(__dirname, '..');

/** One finding, or one exception: which check fails on which resource of which unit. */
const keyOf = ({ check, unit, resource }) => `${check} ${unit} ${resource}`;

/** The exceptions of a file's text as findings; throws for one without check, reason or places. */
function exceptionsOf(text) {
  const { exceptions } = YAML.parse(text);
  return exceptions.flatMap(({ check, reason, where }) => {
    if (typeof check !== 'string' || typeof reason !== 'string' || reason.trim() === '' || !Array.isArray(where) || where.length === 0)
      throw new Error(`an exception of ${check} lacks check, reason or places`);
    return where.map(({ unit, resource }) => ({ check, unit, resource, reason }));
  });
}

/** The exceptions of the environments that a tree holds: those of others, planned ones too, are not found there. */
function exceptionsFor(exceptions, units) {
  const environmentOf = (unit) => unit.split('/').slice(0, 2).join('/');
  const environments = new Set([...units].map(environmentOf));
  return exceptions.filter(({ unit }) => environments.has(environmentOf(unit)));
}

/** What Checkov's JSON says failed, and how many checks passed or failed. */
function findingsOf(report) {
  const { failed_checks: failed, passed_checks: passed, parsing_errors: errors } = report.results;
  const finding = ({ check_id: check, file_path: file, resource }) => ({
    check,
    unit: file.replace(/^\//, '').replace(/\/main\.tf\.json$/, ''),
    resource,
  });
  return { failed: failed.map(finding), passed: passed.map(finding), errors };
}

/** Findings that are not listed, and listed ones that were not found. */
function compare(findings, exceptions) {
  const found = new Set(findings.map(keyOf));
  const listed = new Set(exceptions.map(keyOf));
  return { unlisted: [...found].filter((key) => !listed.has(key)), stale: [...listed].filter((key) => !found.has(key)) };
}

/** Runs Checkov over the units of a tree and gives its report. */
function scan(tree, checkov = 'checkov') {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'terrace-checkov-'));
  try {
    for (const file of fs.readdirSync(tree, { recursive: true })) {
      if (path.basename(file) !== 'main.tf.json' || file.includes('.terra')) continue;
      const { terraform: _, ...json } = JSON.parse(fs.readFileSync(path.join(tree, file), 'utf8'));
      fs.mkdirSync(path.join(copy, path.dirname(file)), { recursive: true });
      fs.writeFileSync(path.join(copy, file), JSON.stringify(json, null, 2));
    }
    const run = spawnSync(
      checkov,
      ['-d', copy, '--config-file', path.join(root, '.checkov.yml'), '-o', 'json', '--compact', '--soft-fail'],
      { encoding: 'utf8', maxBuffer: 1 << 28 },
    );
    if (run.error !== undefined) throw run.error;
    const report = JSON.parse(run.stdout);
    if (report.results === undefined) throw new Error(`checkov read nothing of ${tree}: ${run.stdout}${run.stderr}`);
    return report;
  } finally {
    fs.rmSync(copy, { recursive: true, force: true });
  }
}

function main(tree) {
  const { failed, passed, errors } = findingsOf(scan(tree));
  const { unlisted, stale } = compare(
    failed,
    exceptionsFor(
      exceptionsOf(fs.readFileSync(path.join(root, 'checkov-exceptions.yml'), 'utf8')),
      [...failed, ...passed].map(({ unit }) => unit),
    ),
  );
  for (const key of unlisted) process.stdout.write(`not in checkov-exceptions.yml: ${key}\n`);
  for (const key of stale) process.stdout.write(`no longer found: ${key}\n`);
  for (const file of errors) process.stdout.write(`not read: ${file}\n`);
  process.stdout.write(`${passed.length} checks passed, ${failed.length} failed, ${unlisted.length} of them unexplained\n`);
  return unlisted.length + stale.length + errors.length > 0 || passed.length === 0 ? 1 : 0;
}

module.exports = { compare, exceptionsOf, findingsOf, scan };
if (require.main === module) process.exitCode = main(path.resolve(process.argv[2] ?? path.join(root, 'live')));
