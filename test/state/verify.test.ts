import { expect, test } from '@jest/globals';

import { digestOf } from '../../terrace/state/state-file';
import { judgeStates, type StateReading } from '../../terrace/state/verify';
import { stateTarget, stateText } from '../_helpers/state-backend';
import { sandboxShell } from '../_helpers/sandbox';

const text = stateText();
const reading = (unit: string, state: Partial<StateReading> = {}): StateReading => ({
  target: stateTarget(`e/r/l/${unit}`),
  text,
  digest: digestOf(text),
  ...state,
});
const codes = (readings: readonly StateReading[], env: NodeJS.ProcessEnv = {}): readonly string[] =>
  judgeStates(readings, env).map(({ status, problems }) => [status, ...problems.map(({ code }) => code)].join(' '));

test('a state fits its digest, is absent with it, or has no digest to fit', () => {
  expect(codes([reading('a')])).toEqual(['fits']);
  expect(codes([reading('a', { digest: undefined })])).toEqual(['fits']);
  expect(codes([reading('a', { text: undefined, digest: undefined })])).toEqual(['absent']);
});

test('what is wrong is said for each unit', () => {
  const marked = stateText({ lineage: 'x', private: Buffer.from('terrace-sandbox:1').toString('base64') });
  const readings = [
    reading('a', { digest: digestOf('other') }),
    reading('b', { text: undefined }),
    reading('c', { text: 'broken', digest: digestOf('broken') }),
    reading('d', { text: marked, digest: digestOf(marked) }),
  ];
  expect(codes(readings)).toEqual(['wrong E4509', 'wrong E4508', 'wrong E4501', 'wrong E4507']);
  expect(codes(readings, sandboxShell)).toEqual(['wrong E4509', 'wrong E4508', 'wrong E4501', 'fits']);
});

test('a lineage in two places names the other one', () => {
  const findings = judgeStates(
    [reading('a'), reading('b'), reading('c', { text: stateText({ lineage: 'other' }), digest: undefined })],
    {},
  );
  expect(findings.map(({ problems }) => problems.map(({ code, found }) => `${code} ${found}`))).toEqual([
    ['E4506 lineage 11111111-2222-3333-4444-555555555555 is also that of demo/e/r/l/b'],
    ['E4506 lineage 11111111-2222-3333-4444-555555555555 is also that of demo/e/r/l/a'],
    [],
  ]);
});

test('a finding carries serial, lineage and resources of what could be read', () => {
  expect(judgeStates([reading('a')], {})[0]).toEqual({
    unit: 'demo/e/r/l/a',
    status: 'fits',
    serial: 1,
    lineage: '11111111-2222-3333-4444-555555555555',
    instances: 1,
    problems: [],
  });
});
