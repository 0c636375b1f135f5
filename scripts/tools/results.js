'use strict';
/**
 * Reads the results that jest wrote (`--json --outputFile=FILE`), of one run or several, and the exit code of the whole command, prints the
 * time of each test file and `N passed, N failed`. A file that could not be loaded, a test that was skipped, results that are not there, and a
 * command that failed elsewhere (types, lint, install) each count as a failure: what did not run did not pass.
 *
 *   node scripts/tools/results.js EXITCODE FILE…
 */
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');

/** Counts of one run; `exitCode` is that of the command that wrote it, `results` is undefined when it wrote none. */
function count(results, exitCode) {
  if (results === undefined) return { passed: 0, failed: 1, remarks: [`no test was run; the command ended with ${exitCode}`] };
  const remarks = [];
  const skipped = results.numPendingTests + results.numTodoTests;
  if (skipped > 0) remarks.push(`${skipped} skipped: counted as failed`);
  const broken = results.numRuntimeErrorTestSuites;
  if (broken > 0) remarks.push(`${broken} files could not be loaded: counted as failed`);
  if (results.wasInterrupted) remarks.push('interrupted: counted as a failure');
  let failed = results.numFailedTests + skipped + broken + (results.wasInterrupted ? 1 : 0);
  if (failed === 0 && exitCode !== 0) {
    failed = 1;
    remarks.push(`every test passed, but the command ended with ${exitCode}: counted as a failure`);
  }
  if (results.numPassedTests === 0 && failed === 0) {
    failed = 1;
    remarks.push('no test was found: counted as a failure');
  }
  return { passed: results.numPassedTests, failed, remarks };
}

/** One line for each test file, the slowest first. */
function times(results) {
  return results.testResults
    .map((file) => ({
      name: path.relative(root, file.name),
      seconds: Math.max(0, file.endTime - file.startTime) / 1000,
      passed: file.status === 'passed',
    }))
    .sort((a, b) => b.seconds - a.seconds || (a.name < b.name ? -1 : 1))
    .map(({ name, seconds, passed }) => `${seconds.toFixed(1).padStart(8)} s  ${passed ? 'passed' : 'FAILED'}  ${name}`);
}

function read(file) {
  try {
    const text = fs.readFileSync(file, 'utf8');
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The results of several runs as of one; undefined where no run wrote any. `missing` counts the runs that wrote none. */
function joined(runs) {
  const there = runs.filter((run) => run !== undefined);
  if (there.length === 0) return { results: undefined, missing: 0 };
  const sum = (name) => there.reduce((total, run) => total + (run[name] ?? 0), 0);
  const results = {
    numPassedTests: sum('numPassedTests'),
    numFailedTests: sum('numFailedTests'),
    numPendingTests: sum('numPendingTests'),
    numTodoTests: sum('numTodoTests'),
    numRuntimeErrorTestSuites: sum('numRuntimeErrorTestSuites'),
    wasInterrupted: there.some((run) => run.wasInterrupted),
    testResults: there.flatMap((run) => run.testResults),
  };
  return { results, missing: runs.length - there.length };
}

function main([exitCode, ...files]) {
  const { results, missing } = joined(files.map(read));
  const counted = count(results, Number(exitCode));
  const remarks =
    missing === 0 ? counted.remarks : [...counted.remarks, `${missing} of ${files.length} runs wrote no results: counted as failed`];
  const { passed } = counted;
  const failed = counted.failed + missing;
  for (const line of [...(results === undefined ? [] : times(results)), ...remarks]) console.log(line);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : Number(exitCode) || 1;
}

module.exports = { count, joined, times };
if (require.main === module) main(process.argv.slice(2));
