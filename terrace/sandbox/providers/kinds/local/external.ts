import { messageOf } from '../../../../base/message';
import type { ProviderKind, ResourceCall } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import { plainKind } from '../plain';
import { isList, isObject, type ObjectValue } from '../../protocol/value';
import { fileSettings } from './paths';
import { runProgram } from './run-program';

/**
 * `external`: runs the program and takes its answer, as the provider does (github.com/hashicorp/terraform-provider-external,
 * internal/provider/data_source.go at v2.3.5): the query as JSON to its input, a JSON object of texts from its output.
 */
export const externalKind: ProviderKind = plainKind(
  {},
  { stateOnly: true, configure: (_, caller) => fileSettings(caller), dataSources: { external: answer } },
);

async function answer(call: ResourceCall, config: ObjectValue): Promise<ObjectValue> {
  const given = config['program'] ?? null;
  const program = isList(given) ? given.filter((one) => one !== null && one !== '').map(String) : [];
  if (program.length === 0)
    throw new Refusal(
      'External Program Missing',
      'The data source was configured without a program to execute. Verify the configuration contains at least one non-empty value.',
      'program',
    );
  const { code, stdout, stderr } = await runProgram(call, {
    program,
    directory: typeof config['working_dir'] === 'string' ? config['working_dir'] : '.',
    input: JSON.stringify(queryOf(config)),
  });
  if (code !== 0)
    throw new Refusal(
      'External Program Execution Failed',
      `Program: ${program[0] ?? ''}; ${stderr === '' ? 'it returned no error message' : `Error Message: ${stderr.trim()}`}; State: exit status ${code}`,
      'program',
    );
  return { ...config, result: resultOf(program, stdout), id: '-' };
}

function queryOf(config: ObjectValue): Readonly<Record<string, string>> {
  const query = config['query'] ?? null;
  if (!isObject(query)) return {};
  // As Go writes a map: by the order of its keys, without those that are null.
  const entries = Object.entries(query).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])));
}

function resultOf(program: readonly string[], stdout: string): ObjectValue {
  const wrong = (found: string): Refusal =>
    new Refusal(
      'Unexpected External Program Results',
      `the program must print a JSON object whose values are texts; Program: ${program[0] ?? ''}; Result Error: ${found}`,
      'program',
    );
  let raw: unknown;
  try {
    raw = JSON.parse(stdout);
  } catch (error) {
    throw wrong(messageOf(error));
  }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw wrong('no object');
  const other = Object.entries(raw).find(([, value]) => typeof value !== 'string' && value !== null);
  if (other !== undefined) throw wrong(`${other[0]} is no text`);
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, value === null ? '' : String(value)]));
}
