import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { simulate, type Round } from '../../bench/simulate';

const quiet: Round = {
  units: 20_000,
  runners: 200,
  parallel: 4,
  startSeconds: 40,
  unitSeconds: 8,
  calls: 30,
  callsPerSecond: 1e9,
  accounts: 100,
  stateRequests: 6,
  lockWrites: 0,
  unitFails: 0,
  runnerDies: 0,
  seed: 1,
};

test('a round without misfortune takes its start and each runner its share of the units', () => {
  expect(simulate(quiet)).toMatchObject({ seconds: 40 + 25 * 8, finished: 20_000, repeated: 0, runners: 200 });
});

test('an account that takes fewer requests than are asked is what the round waits for', () => {
  const throttled = simulate({ ...quiet, accounts: 1, callsPerSecond: 1000 });
  // 20,000 units of 30 requests each at 1,000 a second.
  expect(throttled.seconds).toBeCloseTo(40 + 600, 6);
  expect(throttled.throttledSeconds).toBeGreaterThan(0);
});

test('units of runners that die and units that fail are run again, and each ends once', () => {
  const troubled = simulate({ ...quiet, unitFails: 0.02, runnerDies: 0.05 });
  expect(troubled.finished).toBe(20_000);
  expect(troubled.repeated).toBeGreaterThan(200);
  expect(troubled.runners).toBeGreaterThan(200);
  expect(troubled.seconds).toBeGreaterThan(simulate(quiet).seconds);
});

test('every unit ends exactly once in any round, and the same seed gives the same round', () => {
  const rounds = fc.record({
    units: fc.integer({ min: 0, max: 400 }),
    runners: fc.integer({ min: 1, max: 30 }),
    parallel: fc.integer({ min: 1, max: 5 }),
    startSeconds: fc.integer({ min: 0, max: 60 }),
    unitSeconds: fc.integer({ min: 1, max: 20 }),
    calls: fc.integer({ min: 0, max: 50 }),
    callsPerSecond: fc.integer({ min: 1, max: 1000 }),
    accounts: fc.integer({ min: 1, max: 5 }),
    stateRequests: fc.constant(6),
    lockWrites: fc.constant(2),
    unitFails: fc.double({ min: 0, max: 0.5, noNaN: true }),
    runnerDies: fc.double({ min: 0, max: 0.5, noNaN: true }),
    seed: fc.integer(),
  });
  fc.assert(
    fc.property(rounds, (round) => {
      const outcome = simulate(round);
      expect(outcome.finished).toBe(round.units);
      expect(simulate(round)).toEqual(outcome);
    }),
  );
});

test('a round that could never end is refused', () => {
  expect(() => simulate({ ...quiet, runners: 0 })).toThrow(RangeError);
  expect(() => simulate({ ...quiet, runnerDies: 1 })).toThrow(RangeError);
});
