import { TerraceError } from '../../base/errors';
import { isObject } from '../../base/json';

import { mapTexts, type MockedConfiguration } from './mocks';

/** How often a plan is tried again: each time terraform may name data sources that waited for the ones before. */
const mostTries = 4;

/**
 * Runs a plan that may use mocks; where data sources fail because what they look for does not exist yet, it runs again with mocks in their place.
 * Any other failure is raised as it is.
 */
export async function withSourcesMocked<T>(
  unit: string,
  mocked: MockedConfiguration,
  attempt: (configuration: MockedConfiguration) => Promise<T>,
): Promise<T> {
  let configuration = mocked;
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(configuration);
    } catch (error) {
      const sources =
        tries < mostTries && error instanceof TerraceError ? failedSources(error.problems.map(({ found }) => found).join('\n')) : [];
      if (sources.length === 0) throw error;
      configuration = withMockedSources(unit, configuration, sources);
    }
  }
}

/** Data sources that terraform's errors are about, as `<type>.<name>`; none where an error is about anything else. */
export function failedSources(errors: string): readonly string[] {
  const boxes = errors.split(/^(?=Error: )/m).filter((box) => box.startsWith('Error: '));
  const found = boxes.map((box) => /^\s*with data\.([\w-]+\.[\w-]+)(?:\[[^\]]*\])?,/m.exec(box)?.[1]);
  return found.every((one) => one !== undefined) ? [...new Set(found.flatMap((one) => one ?? []))] : [];
}

/** The configuration without these data sources; each attribute that something reads of them is a local with a mock. Pure. */
export function withMockedSources(unit: string, { json, mocks }: MockedConfiguration, sources: readonly string[]): MockedConfiguration {
  if (!isObject(json)) return { json, mocks };
  const locals: Record<string, unknown> = {};
  const replaced = mapTexts(json, (text) =>
    sources.reduce((result, source) => {
      const [type = '', name = ''] = source.split('.');
      const reference = new RegExp(String.raw`data\.${type}\.${name}(?:\[[^\]]*\])?\.([A-Za-z_]\w*)`, 'g');
      return result.replaceAll(reference, (_all, attribute: string) => {
        const local = `terrace_mock_data_${type}_${name}_${attribute}`;
        locals[local] = mockOf(type, name, attribute);
        return `local.${local}`;
      });
    }, text),
  );
  const rest: Record<string, unknown> = isObject(replaced) ? replaced : {};
  const data = isObject(rest['data']) ? rest['data'] : {};
  const left = Object.fromEntries(
    Object.entries(data).flatMap(([type, named]) => {
      const kept = isObject(named) ? Object.entries(named).filter(([name]) => !sources.includes(`${type}.${name}`)) : [];
      return kept.length === 0 ? [] : [[type, Object.fromEntries(kept)]];
    }),
  );
  const { data: _data, ...blocks } = rest;
  const added = Object.keys(locals).map((local) => ({
    unit,
    output: local.replace('terrace_mock_data_', 'data '),
    local: `local.${local}`,
  }));
  return {
    json: {
      ...blocks,
      ...(Object.keys(left).length === 0 ? {} : { data: left }),
      locals: { ...(isObject(rest['locals']) ? rest['locals'] : {}), ...locals },
    },
    mocks: [...mocks, ...added].toSorted((a, b) => (a.local < b.local ? -1 : 1)),
  };
}

/** A value of the form that an attribute of this name has: an ARN, a list where the name is a plural, else a text. */
function mockOf(type: string, name: string, attribute: string): unknown {
  const text = `mock-${type.replace(/^aws_/, '').replaceAll('_', '-')}-${name}`;
  if (/(?:^|_)arn$/.test(attribute)) return `arn:aws:mock:us-east-1:000000000000:${text}`;
  if (/(?:^|_)arns$/.test(attribute)) return [`arn:aws:mock:us-east-1:000000000000:${text}`];
  return /(?:ids|names|cidr_blocks|addresses|subnets|zones)$/.test(attribute) ? [text] : text;
}
