'use strict';
/**
 * Which test files `npm test` leaves to `npm run full`: the second and third case of a kind, and what runs long for one case. With
 * `TERRACE_TESTS=quick` jest runs the others, with `TERRACE_TESTS=full` these, and without it whatever is asked for.
 */

/** Of the tests that run the real programs end to end: one for each kind stays with `npm test`. */
const quickEnds = [
  'delivery/cli',
  'delivery/deploy',
  'delivery/guarantees',
  'providers/aws-rules',
  'providers/local',
  'review/rules',
  'sandbox/isolation',
  'sandbox/reset',
  'sandbox/state',
  'spine/locking',
];

/** Others that run long. */
const long = [
  'ci/harness',
  'ci/olechka',
  'ci/steps',
  'cli/contributing',
  'cli/selection',
  'delivery/approve/protected-base',
  'diagram/command',
  'git/publish-system',
  'sandbox/contract/moto',
  'sandbox/providers/regenerate',
  'stacks/pro-mata/handover',
  'stacks/pro-mata/traefik',
  'stacks/tux/handover',
];

/** Patterns of the files that are left to `npm run full`. */
const full = [`/test/e2e/(?!(?:${quickEnds.join('|')})\\.test\\.tsx?$).*\\.test\\.tsx?$`, `/test/(?:${long.join('|')})\\.test\\.tsx?$`];

/** jest's settings for a part of the tests; none for an unknown or absent name. */
function settingsOf(part) {
  if (part === 'quick') return { testMatch: ['**/*.test.ts', '**/*.test.tsx'], testPathIgnorePatterns: ['/node_modules/', ...full] };
  if (part === 'full') return { testRegex: full };
  return { testMatch: ['**/*.test.ts', '**/*.test.tsx'] };
}

module.exports = { settingsOf };
