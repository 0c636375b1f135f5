import { Construct } from 'constructs';
import { Tokenization } from 'cdktf';

import type { Problem } from '../base/errors';
import { sensitiveOutputs } from './unit-json';

/**
 * What keeps a plain value from being an output: nothing at all, `null` within it (another unit would read a value that is not there, of no
 * type), a number that JSON does not hold, or something that is no data. `place` names the unit and the line of `this.outputs()`.
 */
export function outputProblems(name: string, value: unknown, place: string): readonly Problem[] {
  return problemsAt(value, [name], (problem) => ({ ...problem, place }));
}

function problemsAt(value: unknown, path: readonly string[], placed: (problem: Problem) => Problem): readonly Problem[] {
  const shown = path.join('.');
  if (value === null || value === undefined)
    return [
      placed({
        code: 'E1312',
        title: 'output without a value',
        found: `${shown} is ${String(value)}`,
        expected: 'a value: terraform leaves out an output that is null, and its readers then fail during apply',
        todo: 'give it a value of its type, use an empty text or list if there is none, or leave out the output',
      }),
    ];
  if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value)))
    return [
      placed({
        code: 'E3105',
        title: 'number that JSON cannot hold',
        found: `${shown} is ${String(value)}`,
        expected: 'a finite number',
        todo: 'correct what it is computed from, or pass it as text',
      }),
    ];
  if (typeof value === 'function' || typeof value === 'symbol' || value instanceof Map || value instanceof Set || value instanceof Date)
    return [
      placed({
        code: 'E1313',
        title: 'output is not data',
        found: `${shown} is a ${typeof value === 'object' ? value.constructor.name : typeof value}`,
        expected: 'text, numbers, booleans, lists and objects of them, or tokens',
        todo: 'convert it to one of these',
      }),
    ];
  if (typeof value !== 'object' || Tokenization.isResolvable(value) || Construct.isConstruct(value)) return [];
  if (Array.isArray(value)) return value.flatMap((one: unknown, index) => problemsAt(one, [...path, String(index)], placed));
  return Object.entries(value).flatMap(([key, one]) => problemsAt(one, [...path, key], placed));
}

/**
 * The same for the outputs of the synthesized JSON, where tokens resolved to nothing; and E1315 for a secret in an output that is not
 * marked as sensitive. `place` gives the line of `this.outputs()`.
 */
export function resolvedOutputProblems(unit: string, json: { readonly output?: object }, place: () => string): readonly Problem[] {
  const empty = Object.entries(json.output ?? {}).flatMap(([name, block]: [string, unknown]) => {
    const value: unknown = typeof block === 'object' && block !== null && 'value' in block ? block.value : undefined;
    return outputProblems(name, value, '').map((problem) => ({ ...problem, place: place(), found: `${unit}: ${problem.found}` }));
  });
  const secret = sensitiveOutputs(json).map((name) => ({
    code: 'E1315',
    title: 'secret in a plain output',
    place: place(),
    found: `${unit}: output ${name} holds a sensitive value and is not marked as sensitive`,
    expected: 'not a secret, or an output declared with { sensitive: true }',
    todo: 'output its ARN or id, declare it sensitive, or remove the mark with Fn.nonsensitive if it is not a secret',
  }));
  return [...empty, ...secret];
}
