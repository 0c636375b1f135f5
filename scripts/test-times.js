'use strict';
/**
 * Runs the tests and prints where their time went: a line for each file, the slowest first, and below it the steps that took more than a
 * second (what remains of a file's time is its `beforeAll`, and the loading of its modules). Arguments are jest's.
 *
 *   npm run test:times -- test/e2e/delivery
 */
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const root = path.resolve(__dirname, '..');

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1).padStart(8)} s`;

/** Lines for the results that jest wrote; pure. */
function table(results) {
  const files = results.testResults.map((file) => ({
    name: path.relative(root, file.name),
    milliseconds: Math.max(0, file.endTime - file.startTime),
    steps: file.assertionResults.map(({ fullName, duration }) => ({ name: fullName, milliseconds: duration ?? 0 })),
  }));
  const total = files.reduce((sum, file) => sum + file.milliseconds, 0);
  const bySize = (a, b) => b.milliseconds - a.milliseconds;
  return [
    ...files.toSorted(bySize).flatMap((file) => {
      const inSteps = file.steps.reduce((sum, step) => sum + step.milliseconds, 0);
      const steps = [...file.steps, { name: '(beforeAll, loading)', milliseconds: Math.max(0, file.milliseconds - inSteps) }];
      return [
        `${seconds(file.milliseconds)}  ${file.name}`,
        ...steps
          .filter(({ milliseconds }) => milliseconds >= 1000)
          .toSorted(bySize)
          .map((step) => `${seconds(step.milliseconds)}      ${step.name}`),
      ];
    }),
    `${seconds(total)}  ${files.length} files`,
  ];
}

module.exports = { table };
if (require.main === module) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'terrace-times-'));
  const output = path.join(folder, 'results.json');
  const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const { status } = spawnSync(process.execPath, [jest, ...process.argv.slice(2), '--json', `--outputFile=${output}`], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (fs.existsSync(output)) for (const line of table(JSON.parse(fs.readFileSync(output, 'utf8')))) console.log(line);
  fs.rmSync(folder, { recursive: true, force: true });
  process.exitCode = status ?? 1;
}
