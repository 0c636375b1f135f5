import { noticedBy, type Mutation } from './mutation';

const delivery = 'terrace/delivery';

/** Checks of who said yes, and of what a source may see (G3, G10, G13, G17). */
export const persons: readonly Mutation[] = [
  ...noticedBy('test/delivery/approval/evaluate.test.ts', [
    [
      'G13 only keys of the rules',
      `${delivery}/approval/evaluate.ts`,
      'return isSignedBy(signed.envelope, publicKey, keyId(publicKey));',
      'return publicKey !== undefined;',
      'a signature over another payload',
    ],
    [
      'G13 nobody approves a change of their own',
      `${delivery}/approval/evaluate.ts`,
      'if (isOwn(identity, rules, change))',
      'if (false)',
      'nobody approves a change of their own',
    ],
    [
      'G13 hidden addresses',
      `${delivery}/approval/people.ts`,
      "(login !== undefined && same(identityOf(login, policy) ?? '', identity))",
      'false',
      'who made the change is also known by the address',
    ],
    [
      'G13 two of one person are one',
      `${delivery}/approval/evaluate.ts`,
      'new Set(counting.map((approval) => approval.identity.toLowerCase()))',
      'new Set(counting)',
      'two approvals of one person are one',
    ],
    [
      'G13 only approvers of the environment',
      `${delivery}/approval/evaluate.ts`,
      'if (!rules.approvers.some((one) => same(one, identity)))',
      'if (false)',
      'an approver of another environment counts for nothing',
    ],
    [
      'G3 exactly these units were approved',
      `${delivery}/approval/evaluate.ts`,
      "if (approval.units.join('\\n') !== units.join('\\n')) {",
      'if (false) {',
      'G3: an approval for more or fewer units',
    ],
    [
      'G3 approvals grow old',
      `${delivery}/approval/evaluate.ts`,
      'if (age > hours * 3_600_000)',
      'if (false)',
      'an approval that is too old',
    ],
    [
      'freeze',
      `${delivery}/approval/evaluate.ts`,
      'if (window !== undefined)\n      problems.push(',
      'if (false)\n      problems.push(',
      'in a freeze nothing is applied',
    ],
    [
      'G13 changed rules always ask for one more',
      `${delivery}/approval/second-approver.ts`,
      'const more = Math.max(2, rules.approvals + 1);',
      'const more = rules.approvals;',
      'G13: a changed rule needs one approver more',
    ],
  ]),
  ...noticedBy('test/delivery/approval/review-statement.test.ts', [
    [
      'persons name the bundle',
      `${delivery}/approval/review-statement.ts`,
      'words.some((word) => word.length >= namedDigits && hash.startsWith(word)) &&',
      '',
      'an entry about another plan does not count',
    ],
    [
      'a gate is its own environment’s',
      `${delivery}/approval/review-statement.ts`,
      'return isHere &&',
      'return places.length > 0 &&',
      'an entry about another environment’s gate',
    ],
    [
      'only gate keys speak for gates',
      `${delivery}/approval/evaluate.ts`,
      'if (engine !== undefined && !(rules.gateKeys ?? []).some((one) => same(one, engine)))',
      'if (false)',
      'a key that may not speak for gates',
    ],
    [
      'who proposed a change is its author',
      `${delivery}/approval/evaluate.ts`,
      '...proposersOf(proposals, rules, evaluation.policy)',
      '',
      'who proposed a change made it',
    ],
  ]),
  ...noticedBy('test/delivery/bundle/archive.test.ts', [
    [
      'bounded memory',
      'terrace/base/unpack.ts',
      'const unpacked = gunzipSync(packed, { maxOutputLength: limitOf(packed.length) });',
      'const unpacked = gunzipSync(packed);',
      'a small archive that would fill a memory',
    ],
  ]),
  ...noticedBy('test/delivery/bundle/archive.test.ts', [
    [
      'bounded memory of JSON',
      'terrace/base/unpack.ts',
      'if (bracketsIn(unpacked) > mostBrackets)',
      'if (false)',
      'a small archive of JSON',
    ],
  ]),
  ...noticedBy('test/delivery/approval/approval-rules.test.ts', [
    [
      'G13 rules that say one thing',
      `${delivery}/approval/approval-rules.ts`,
      'value = parseStrictJson(json);',
      'value = JSON.parse(json);',
      'rules in which something stands twice',
    ],
  ]),
  ...noticedBy('test/e2e/trust/without-credentials.test.ts', [
    [
      'G10 every command that builds the source',
      'terrace/cli/run-apart.ts',
      'if (!isBuilding) return undefined;',
      'if (isBuilding || first !== "") return undefined;',
      'G10: the source sees nothing that somebody signs in with',
    ],
  ]),
  ...noticedBy('test/cli/synthesizer.test.ts', [
    [
      'G10 files of credentials',
      'terrace/base/apart.ts',
      "return { how: 'out of reach', words };",
      "return { how: 'out of reach', words: processes };",
      'files of a person that hold',
    ],
    [
      'G10 a home of its own',
      'terrace/cli/synthesizer.ts',
      "HOME: path.join(root, '.terrace', 'home'),",
      'HOME: env["HOME"],',
      'the synthesizing process has what cdktf.json names',
    ],
    [
      'G10 nothing that somebody signs in with',
      'terrace/cli/synthesizer.ts',
      '.filter(([name]) => named.has(name) || gitSettings.test(name))',
      '',
      'the synthesizing process has what cdktf.json names',
    ],
    [
      'G10 no credential by its name',
      'terrace/cli/synthesizer.ts',
      'if (refused.length === 0) return given;',
      'return given;',
      'a change cannot name a credential',
    ],
  ]),
  ...noticedBy('test/base/errors.test.ts', [
    [
      'G17 refused is no failure',
      'terrace/base/errors.ts',
      'codes.length === 0 ? exitCodes.done : exitCodes.failed',
      'exitCodes.done',
      'G17: all refused is 3',
    ],
  ]),
];
