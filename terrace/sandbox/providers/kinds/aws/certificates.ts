import type { ResourceBehaviour } from '../../engine/context';
import { isList, textOf, unknown, type ObjectValue, type Value } from '../../protocol/value';
import { RandomStream } from '../../values/random-stream';

/**
 * Certificates that are validated by DNS: the provider knows at plan time for which names there will be a record, so that `for_each` over
 * `domain_validation_options` works before the certificate exists; the records' own names and values come with it.
 */
export const certificateResources: Readonly<Record<string, ResourceBehaviour>> = {
  aws_acm_certificate: {
    plan: (_call, planned, config, prior) => {
      if (prior !== null) return planned;
      if (planned['validation_method'] !== 'DNS') return { ...planned, domain_validation_options: [] };
      const names = namesOf(config);
      return names === undefined ? planned : { ...planned, domain_validation_options: names.map(optionOf) };
    },
    create: (call, planned) => {
      const names = namesOf(planned);
      if (names === undefined || planned['validation_method'] !== 'DNS') return planned;
      return {
        ...planned,
        domain_validation_options: names.map((name) => recordOf(name, call.settings.values['account'] ?? '')),
        ...(isList(planned['subject_alternative_names']) ? {} : { subject_alternative_names: names }),
      };
    },
  },
};

/** The domain name and its alternatives, each once; undefined while one of them is not known. */
function namesOf(values: ObjectValue): readonly string[] | undefined {
  const domain = textOf(values['domain_name']);
  const others = values['subject_alternative_names'] ?? null;
  if (domain === undefined) return undefined;
  if (!isList(others)) return [domain];
  const alternatives = others.map(textOf);
  return alternatives.includes(undefined)
    ? undefined
    : [...new Set([domain, ...alternatives.flatMap((name) => (name === undefined ? [] : [name]))])];
}

function optionOf(domain: string): Value {
  return { domain_name: domain, resource_record_name: unknown, resource_record_type: unknown, resource_record_value: unknown };
}

/** A wildcard is validated by the record of the name below it. */
function recordOf(domain: string, account: string): ObjectValue {
  const name = domain.replace(/^\*\./, '');
  const random = new RandomStream(`${account}:${name}`);
  return {
    domain_name: domain,
    resource_record_name: `_${random.hex(32)}.${name}.`,
    resource_record_type: 'CNAME',
    resource_record_value: `_${random.hex(32)}.${random.text(10, 'abcdefghijklmnopqrstuvwxyz')}.acm-validations.aws.`,
  };
}
