import { createContext, Script } from 'node:vm';

import { exitCodes, TerraceError, type Problem } from '../base/errors';
import type { PolicyResult } from '../review/model/review';

import type { PolicyPlan } from './policy';

/** A policy that takes longer is refused, milliseconds. */
const longest = 20_000;

/** One policy's own tests: which of its plans it judged wrongly. */
export interface PolicyTest {
  readonly file: string;
  readonly policy: string;
  readonly severity: 'deny' | 'warn';
  readonly explain: string;
  /** Number of plans it was tried on. */
  readonly plans: number;
  readonly failures: readonly string[];
}

interface Described {
  readonly problems: readonly { readonly file: string; readonly found: string }[];
  readonly tests: readonly PolicyTest[];
}

/** Runs within the context, beside the policies and with nothing else: no process, no require, no clock that matters. */
const judge = String.raw`
(() => {
  const list = policies.default;
  const problems = [];
  const seen = new Map();
  for (const [file, one] of list) {
    const wrong = (found) => problems.push({ file, found });
    if (typeof one !== 'object' || one === null) { wrong('no default export'); continue; }
    if (typeof one.id !== 'string' || !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(one.id)) wrong('its id is not kebab case: ' + String(one.id));
    if (seen.has(one.id)) wrong('its id ' + one.id + ' is the one of ' + seen.get(one.id));
    seen.set(one.id, file);
    if (one.severity !== 'deny' && one.severity !== 'warn') wrong('its severity is neither deny nor warn');
    if (typeof one.explain !== 'string' || one.explain.length < 20) wrong('it does not explain itself');
    if (typeof one.check !== 'function') wrong('it has no check');
    const count = (plans) => Object.keys(plans ?? {}).length;
    if (count(one.test?.holds) === 0 || count(one.test?.refuses) === 0) wrong('it has no test that holds and one that refuses');
  }
  const run = (one, plan) => [...one.check(plan)].map((found) => ({ message: String(found.message), unit: found.unit === undefined ? undefined : String(found.unit), address: found.address === undefined ? undefined : String(found.address) }));
  const tests = problems.length > 0 ? [] : list.map(([file, one]) => {
    const failures = [];
    for (const [name, plan] of Object.entries(one.test.holds)) for (const found of run(one, plan)) failures.push('"' + name + '" should hold, but: ' + found.message);
    for (const [name, plan] of Object.entries(one.test.refuses)) if (run(one, plan).length === 0) failures.push('"' + name + '" should be refused, and is not');
    return { file, policy: one.id, severity: one.severity, explain: one.explain, plans: Object.keys(one.test.holds).length + Object.keys(one.test.refuses).length, failures };
  });
  const freeze = (value) => { if (typeof value === 'object' && value !== null) { Object.freeze(value); Object.values(value).forEach(freeze); } return value; };
  const results = plan === undefined || problems.length > 0 ? [] : list.flatMap(([, one]) => run(one, freeze(JSON.parse(plan))).map((found) => ({ policy: one.id, severity: one.severity, explain: one.explain, ...found })));
  return JSON.stringify({ problems, tests, results });
})()`;

/**
 * Runs the policies' script in a context that holds nothing but them: data goes in and comes out as text.
 * Raises E7103 for a policy that is not well formed, throws or does not end (exit 3).
 */
export function runPolicies(
  script: string,
  place: string,
  plan?: PolicyPlan,
): { readonly tests: readonly PolicyTest[]; readonly results: readonly PolicyResult[] } {
  const refuse = (problems: readonly Pick<Problem, 'place' | 'found'>[], cause?: unknown): TerraceError =>
    new TerraceError(
      problems.map((problem) => ({
        code: 'E7103',
        title: 'policy failed',
        todo: 'correct it on the protected branch; `terrace policy test` runs it',
        ...problem,
      })),
      exitCodes.refused,
      { cause },
    );
  const context = createContext(Object.assign(Object.create(null), { plan: plan === undefined ? undefined : JSON.stringify(plan) }), {
    codeGeneration: { strings: false, wasm: false },
  });
  let output: unknown;
  try {
    new Script(script, { filename: 'policies.js' }).runInContext(context, { timeout: longest });
    output = new Script(judge, { filename: 'judge.js' }).runInContext(context, { timeout: longest });
  } catch (cause) {
    const message = typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : String(cause);
    throw refuse([{ place, found: message }], cause);
  }
  const parsed = JSON.parse(String(output)) as Described & { readonly results: readonly PolicyResult[] };
  if (parsed.problems.length > 0) throw refuse(parsed.problems.map(({ file, found }) => ({ place: file, found })));
  return { tests: parsed.tests, results: parsed.results };
}
