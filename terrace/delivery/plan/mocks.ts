import type { MockedOutput } from '../bundle/bundle';

import { isObject } from '../../base/json';
import { outputReference } from '../../terraform/remote-states';
import type { MissingOutputs } from '../record/upstreams';

export interface MockedConfiguration {
  readonly json: unknown;
  readonly mocks: readonly MockedOutput[];
}

/**
 * A unit's JSON with each reference to a missing output replaced by a local that holds its mock. What a state does give is still read from
 * it. The names of the locals are how a review finds each value that came from a mock. Pure.
 */
export function withMocks(json: unknown, missing: readonly MissingOutputs[]): MockedConfiguration {
  if (!isObject(json)) return { json, mocks: [] };
  const locals: Record<string, unknown> = {};
  const mocks: MockedOutput[] = [];
  const replacements: { readonly pattern: RegExp; readonly by: string }[] = [];
  for (const upstream of missing) {
    for (const [output, mock] of Object.entries(upstream.mocks)) {
      const name = `terrace_mock_${upstream.remoteState}_${output}`;
      locals[name] = literal(mock);
      mocks.push({ unit: upstream.unit, output, local: `local.${name}` });
      replacements.push({ pattern: outputReference(upstream.remoteState, output), by: `local.${name}` });
    }
  }
  const replaced = Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      mapTexts(value, (text) => replacements.reduce((result, { pattern, by }) => result.replaceAll(pattern, by), text)),
    ]),
  );
  const gone = new Set(missing.filter((upstream) => upstream.noState).map((upstream) => upstream.remoteState));
  const { data, ...blocks } = replaced;
  const sources = withoutSources(data, gone);
  return {
    json: {
      ...blocks,
      ...(Object.keys(sources).length === 0 ? {} : { data: sources }),
      locals: { ...(isObject(json['locals']) ? (replaced['locals'] as object) : {}), ...locals },
    },
    mocks: mocks.toSorted((a, b) => (a.local < b.local ? -1 : 1)),
  };
}

function withoutSources(data: unknown, gone: ReadonlySet<string>): object {
  if (!isObject(data)) return {};
  if (!isObject(data['terraform_remote_state'])) return data;
  const left = Object.fromEntries(Object.entries(data['terraform_remote_state']).filter(([name]) => !gone.has(name)));
  const { terraform_remote_state: _sources, ...rest } = data;
  return Object.keys(left).length === 0 ? rest : { ...rest, terraform_remote_state: left };
}

/** A value as a literal of Terraform JSON, in which every text is a template. */
function literal(value: unknown): unknown {
  return mapTexts(value, (text) => text.replaceAll('${', () => '$${').replaceAll('%{', () => '%%{'));
}

/** A value with every text in it, keys too, as the function makes it. */
export function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [map(key), mapTexts(item, map)]));
  return value;
}
