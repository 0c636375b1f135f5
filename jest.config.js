'use strict';
// ESM-only packages that CommonJS tests load; jest does not use Node's require(esm).
const esm = ['execa', 'listr2', 'age-encryption', '@noble', '@scure', 'cidr-tools', 'fast-check', 'pure-rand', 'cli-truncate', 'log-update', 'wrap-ansi', 'string-width', 'strip-ansi', 'ansi-[^/]+', 'slice-ansi', 'is-fullwidth-code-point', 'get-east-asian-width', 'emoji-regex', 'cli-cursor', 'restore-cursor', 'onetime', 'mimic-function', 'eventemitter3', 'colorette', 'rfdc', 'environment', 'figures', 'is-unicode-supported', 'get-stream', 'human-signals', 'is-plain-obj', 'is-stream', 'npm-run-path', 'path-key', 'pretty-ms', 'parse-ms', 'strip-final-newline', 'unicorn-magic', 'yoctocolors', '@sindresorhus', '@sec-ant', 'signal-exit', 'ip-bigint', 'ip-regex', 'string-natural-compare', 'diff', 'post-quantum'];
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  globalSetup: '<rootDir>/test/_helpers/bindings.js',
  setupFiles: ['<rootDir>/test/_helpers/native-errors.js'],
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  transform: { '^.+\\.(t|j|mj)sx?$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript', tsx: true }, target: 'es2022', transform: { react: { runtime: 'automatic', importSource: 'preact' } } }, module: { type: 'commonjs' } }] },
  transformIgnorePatterns: [`/node_modules/(?!(${esm.join('|')})/)`, '/\\.terrace/dist/'],
  moduleNameMapper: { '^unicorn-magic$': '<rootDir>/node_modules/unicorn-magic/node.js' },
  modulePathIgnorePatterns: ['<rootDir>/\\.terrace/', '<rootDir>/live/', '<rootDir>/cdktf.out/', '<rootDir>/\\.sandbox/'],
};
