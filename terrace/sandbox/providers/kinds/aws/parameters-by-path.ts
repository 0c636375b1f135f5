import type { DataBehaviour, ResourceCall } from '../../engine/context';
import { addedAnswer } from '../../engine/data';
import { Refusal } from '../../engine/refusal';
import { textOf } from '../../protocol/value';
import { publicParameter, publicParameters } from './public-parameters';

interface Parameter {
  readonly arn: string;
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/**
 * Parameters below a path: those of the account, or below `/aws/service` the public ones of AWS, which stand in a table. A public path of which
 * the table has nothing is refused, unless somebody made it known.
 */
export const parametersByPath: DataBehaviour = (call, config) => {
  const path = (textOf(config['path']) ?? '').replace(/\/$/, '');
  const isPublic = /^\/aws\/service(\/|$)/.test(path);
  const isBelow = (name: string): boolean => {
    const rest = name.startsWith(`${path}/`) ? name.slice(path.length + 1) : '';
    return rest !== '' && (config['recursive'] === true || !rest.includes('/'));
  };
  if (isPublic && !publicParameters().some((name) => name.startsWith(`${path}/`))) {
    const known = addedAnswer(call, config);
    if (known !== undefined) return known;
    throw new Refusal(
      `reading ${call.type}`,
      `the table has no public parameters below ${path}; it has those below ${roots().join(', ')}; make others known with \`terrace sandbox cloud add ${call.type} path=${path} names='["…"]' values='["…"]'\``,
      'path',
    );
  }
  const found = (isPublic ? ofAws(call) : ofAccount(call)).filter(({ name }) => isBelow(name));
  return {
    id: textOf(config['path']) ?? '',
    arns: found.map(({ arn }) => arn),
    names: found.map(({ name }) => name),
    types: found.map(({ type }) => type),
    values: found.map(({ value }) => value),
  };
};

function ofAccount(call: ResourceCall): Parameter[] {
  return call.provider.cloud.list(call.provider.name, 'aws_ssm_parameter', call.settings.scope).map(({ record: { values } }) => {
    const text = (name: string): string => (typeof values[name] === 'string' ? values[name] : '');
    return { arn: text('arn'), name: text('name'), type: text('type'), value: text('value') || text('insecure_value') };
  });
}

function ofAws({ settings: { values } }: ResourceCall): Parameter[] {
  const { partition = '', region = '' } = values;
  return publicParameters().flatMap((name) => {
    const value = publicParameter(name, region);
    return value === undefined ? [] : [{ arn: `arn:${partition}:ssm:${region}::parameter${name}`, name, type: 'String', value }];
  });
}

function roots(): string[] {
  return [...new Set(publicParameters().map((name) => name.split('/').slice(0, 4).join('/')))];
}
