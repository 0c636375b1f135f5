'use strict';
/**
 * Reads the results that jest wrote (`--json --outputFile=FILE`) and the exit code of the whole command, prints the time of each test
 * file and `N passed, N failed`. A file that could not be loaded, a test that was skipped, and a command that failed elsewhere (types,
 * lint, install) each count as a failure: what did not run did not pass.
 *
 *   node scripts/tools/results.js FILE EXITCODE
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

function main([file, exitCode]) {
  const results = read(file);
  const { passed, failed, remarks } = count(results, Number(exitCode));
  for (const line of [...(results === undefined ? [] : times(results)), ...remarks]) console.log(line);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : Number(exitCode) || 1;
}

module.exports = { count, times };
if (require.main === module) main(process.argv.slice(2));
