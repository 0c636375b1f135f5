import { jsonText } from '../../base/visible';
import { rules } from '../findings/catalog';
import type { Severity } from '../findings/finding';
import type { PolicyResult, Review } from '../model/review';

import { cut, visible } from './value-text';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/** GitHub's code scanning sorts by this number, 0 to 10. */
const scores: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '3.0', info: '0.0' };

/** GitHub takes at most this many results of a run. */
const mostResults = 25_000;

function locations(unit: string | undefined, address: string | undefined, file: string | undefined, source?: string): readonly unknown[] {
  const [, known, line] = /^(.+):(\d+)$/.exec(source ?? '') ?? [];
  const uri = known ?? (unit === undefined ? (file ?? 'main.ts') : `live/${unit}/main.tf.json`);
  return [
    {
      physicalLocation: { artifactLocation: { uri: encodeURI(uri) }, region: { startLine: Number(line ?? 1) } },
      ...(unit === undefined
        ? {}
        : { logicalLocations: [{ fullyQualifiedName: visible(address === undefined ? unit : `${unit}/${address}`), kind: 'resource' }] }),
    },
  ];
}

function policyRules(policies: readonly PolicyResult[]): readonly { readonly id: string; readonly explain: string }[] {
  return [...new Map(policies.map(({ policy, explain }) => [policy, { id: `policy/${policy}`, explain }])).values()];
}

/** Findings and policies as SARIF 2.1.0, which code scanning reads. Places are the lines of the source where they are known, else the files of the
 * synthesized tree. */
export function renderSarif(review: Review): string {
  const policies = review.policies ?? [];
  const sources = new Map(review.findings.map(({ unit, address, source }) => [`${unit ?? ''} ${address ?? ''}`, source]));
  const sourceOf = (unit: string | undefined, address: string | undefined): string | undefined =>
    sources.get(`${unit ?? ''} ${address ?? ''}`);
  const own = policyRules(policies);
  const indexOf = new Map([...rules.map(({ id }) => id), ...own.map(({ id }) => id)].map((id, index) => [id, index]));
  const results = [
    ...policies.map((one) => ({
      ruleId: `policy/${one.policy}`,
      ruleIndex: indexOf.get(`policy/${one.policy}`),
      level: one.severity === 'deny' ? 'error' : 'warning',
      message: { text: cut(visible(one.message), 900) },
      locations: locations(one.unit, one.address, undefined, sourceOf(one.unit, one.address)),
      partialFingerprints: { terraceFinding: `policy/${one.policy}@${one.unit ?? ''}/${one.address ?? ''}` },
    })),
    ...review.findings.map((finding) => ({
      ruleId: finding.rule,
      ruleIndex: indexOf.get(finding.rule),
      level: levels[finding.severity],
      message: {
        text: cut(
          visible(
            `${finding.title}: ${finding.reason}${finding.address === undefined ? '' : ` (${finding.address} in ${finding.unit ?? ''})`}`,
          ),
          900,
        ),
      },
      locations: locations(finding.unit, finding.address, finding.unit === undefined ? finding.attribute : undefined, finding.source),
      partialFingerprints: { terraceFinding: finding.id },
      properties: { severity: finding.severity },
    })),
  ];
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Terrace',
            rules: [
              ...rules.map((rule) => ({
                id: rule.id,
                shortDescription: { text: rule.title },
                fullDescription: { text: rule.explain },
                help: { text: rule.explain },
                defaultConfiguration: { level: levels[rule.severity] },
                properties: { 'security-severity': scores[rule.severity], tags: ['security', 'terraform'] },
              })),
              ...own.map(({ id, explain }) => ({
                id,
                shortDescription: { text: id },
                fullDescription: { text: explain },
                defaultConfiguration: { level: 'error' },
              })),
            ],
          },
        },
        automationDetails: { id: `terrace-review/${review.bundle.hash}` },
        columnKind: 'utf16CodeUnits',
        results: results.slice(0, mostResults),
        ...(results.length > mostResults ? { properties: { omitted: results.length - mostResults } } : {}),
      },
    ],
  };
  return `${jsonText(log, 2)}\n`;
}
