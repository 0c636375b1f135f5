import { noticedBy, type Mutation } from './mutation';

const delivery = 'terrace/delivery';

/** Checks of what was applied before, where its state is, and who reads it (G11, G14 to G16). */
export const memory: readonly Mutation[] = [
  ...noticedBy('test/delivery/affected/affected.test.ts', [
    [
      'G11 what cannot be compared selects all',
      'terrace/delivery/affected/affected.ts',
      'return report(everything(reason, undefined, head), reason, undefined);',
      'return report([], reason, undefined);',
      'G11: a base that does not synthesize selects everything',
    ],
    [
      'G11 nothing selected is an error',
      'terrace/delivery/affected/empty-change.ts',
      'if (report.units.length > 0 || changed.length === 0 || allowed) return;',
      'if (changed.length >= 0) return;',
      'G11: nothing selected although files of units changed',
    ],
  ]),
  ...noticedBy('test/delivery/affected/records.test.ts', [
    [
      'G11 what is gone is destroyed',
      'terrace/delivery/affected/affected.ts',
      'const units = [...withDependents(direct, model), ...destroyed]',
      'const units = [...withDependents(direct, model), ...destroyed.slice(destroyed.length)]',
      'G11: an orphan is destroyed',
    ],
  ]),
  ...noticedBy('test/state/applied-record.test.ts', [
    [
      'G16 once, also after a move',
      'terrace/state/applied-record.ts',
      'await writeRecordText(access, formatLossless({ ...rest, status:',
      "await writeRecordText(access, formatLossless({ ...rest, bundle: '0'.repeat(64), status:",
      'the old place remembers which bundle was applied there',
    ],
  ]),
  ...noticedBy('test/delivery/record/memory.test.ts', [
    [
      'G14 a state that is gone',
      `${delivery}/record/memory.ts`,
      'if (state === undefined) return lost(unit, `its state is gone; ${left}`);',
      "if (state === undefined) return { kind: 'fits' };",
      'G14: a state that is gone',
    ],
    [
      'G14 an older state',
      `${delivery}/record/memory.ts`,
      'if (state.serial < serial)',
      'if (state.serial < 0)',
      'G14: a state that is gone',
    ],
    [
      'G14 another state',
      `${delivery}/record/memory.ts`,
      'if (state.lineage !== lineage)',
      "if (state.lineage === '')",
      'G14: a state that is gone',
    ],
    [
      'G14 what another branch applied',
      `${delivery}/record/memory.ts`,
      '  return record.commit;\n',
      '  return undefined;\n',
      'G14: a unit that another branch applied',
    ],
  ]),
  ...noticedBy('test/delivery/plan/living-readers.test.ts', [
    [
      'G15 readers outside of the plan',
      `${delivery}/plan/living-readers.ts`,
      'if (outside.length > 0) return stillRead(target, result, outside);',
      '',
      'G15: what an applied unit outside of the plan reads',
    ],
    [
      'G15 readers first',
      `${delivery}/plan/living-readers.ts`,
      '      first.push(reader.unit);\n',
      '',
      'G15: a reader that leaves it is applied first',
    ],
    [
      'G15 readers that wait',
      `${delivery}/plan/living-readers.ts`,
      '      return kept(reader.unit);\n',
      '',
      'G15: a reader that leaves it is applied first',
    ],
  ]),
  ...noticedBy('test/delivery/accepted/former-places.test.ts', [
    [
      'G15 environments that left long ago',
      `${delivery}/accepted/former-places.ts`,
      'commitsChanging(head, environmentsFile, all)',
      'commitsChanging(head, environmentsFile, 24)',
      'G15: an environment that is gone is known by the facts that it had last',
    ],
    [
      'G15 buckets that an environment has left',
      `${delivery}/accepted/former-places.ts`,
      'if (states.length === 0) continue;',
      'if (states.length === 0 || held.has(name)) continue;',
      'G15: the bucket that an environment has left',
    ],
    [
      'G14 places that facts named before',
      `${delivery}/accepted/former-places.ts`,
      'if (next !== undefined && place !== next.place) changes.push(next.commit);',
      '',
      'G14: which commits moved the states of an environment is told by its facts',
    ],
  ]),
  ...noticedBy('test/e2e/delivery/memory.test.ts', [
    [
      'G14 units that were away while their bucket changed',
      `${delivery}/affected/history.ts`,
      'const isElsewhere = model === undefined ? false : keptElsewhere(model, unit);',
      'const isElsewhere = false as boolean;',
      'a unit that left the source, and came back after the bucket had changed',
    ],
  ]),
  ...noticedBy('test/delivery/apply/read-since.test.ts', [
    [
      'G15 readers since the plan',
      `${delivery}/apply/apply-bundle.ts`,
      'await refuseReadSince(context, opened, content.hash);',
      '',
      'G15: a unit that was applied since the plan',
    ],
    [
      'G15 readers of the bundle that do not leave first',
      `${delivery}/apply/read-since.ts`,
      '!entry.after.includes(unit)',
      '!opened.some((one) => one.entry.unit.path === unit)',
      'G15: so does a reader of the same bundle',
    ],
  ]),
  ...noticedBy('test/delivery/plan/known-readers.test.ts', [
    [
      'G15 who read what was shared',
      `${delivery}/plan/known-readers.ts`,
      'unit.shared === true || once.has(unit.path)',
      'unit.shared === true',
      'G15: a change that makes a unit shared no more',
    ],
    [
      'G15 readers everywhere',
      `${delivery}/plan/known-readers.ts`,
      '((await search.everywhere?.()) ?? search)',
      'search',
      'G15: a shared unit that leaves the source',
    ],
    [
      'G15 readers where an environment was before',
      `${delivery}/plan/known-readers.ts`,
      '(model.former ?? [])',
      '[]',
      'G15: a reader whose environment keeps its states elsewhere now',
    ],
    [
      'G15 readers that nobody knows',
      `${delivery}/plan/known-readers.ts`,
      "takes ? 'readers-unknown' : 'readers-outside'",
      "'readers-outside'",
      'G15: where records of a gone environment are closed',
    ],
  ]),
  ...noticedBy('test/delivery/forget/gone-reader.test.ts', [
    [
      'G15 only the protected branch says that an environment is gone',
      `${delivery}/forget/gone-reader.ts`,
      'if (factsOf(await factsAt(repository, commit), environment) !== undefined) return name;',
      '',
      'G15: an environment that the protected branch or the source here still has',
    ],
    [
      'G15 the branch of the remote counts whatever is named',
      `${delivery}/forget/gone-reader.ts`,
      'const remote = repository.remoteBranch();',
      'const remote: string | undefined = undefined;',
      'G15: the branch of the remote still has it',
    ],
    [
      'G15 an environment of the source is not gone',
      `${delivery}/forget/gone-reader.ts`,
      ': held.has(environment)',
      ': false',
      'G15: an environment that the protected branch or the source here still has',
    ],
  ]),
  ...noticedBy('test/delivery/forget/forget-reader.test.ts', [
    [
      'G15 what was read says that its reader was forgotten',
      `${delivery}/forget/forget-reader.ts`,
      'await replaceRecordText(access, textOf({ ...record, forgotten: [...before, entry] }), text);',
      '',
      'the units that were read say who forgot their reader',
    ],
    [
      'G15 the reader that was shown is the one that is forgotten',
      `${delivery}/forget/forget-reader.ts`,
      'if (record.at !== gone.record.at || record.bundle !== gone.record.bundle) throw recordChanged(access);',
      '',
      'a reader that was applied again since it was shown',
    ],
  ]),
  ...noticedBy('test/delivery/record/forgotten.test.ts', [
    [
      'G15 a bundle says which readers were forgotten',
      `${delivery}/apply/comparison.ts`,
      'if (unsaid === undefined) return;',
      'return;',
      'G15: what a bundle does not say of a forgotten reader',
    ],
    [
      'G15 a failed apply does not settle who was forgotten',
      `${delivery}/record/record-of.ts`,
      '...(before.forgotten === undefined ? {} : { forgotten: before.forgotten }),',
      '',
      'G15: an apply that failed',
    ],
    [
      'G15 a forgotten reader needs one approver more',
      `${delivery}/approval/second-approver.ts`,
      "'reader-forgotten', ",
      '',
      'G15: a forgotten reader needs the second approver',
    ],
    [
      'G15 a forgotten reader counts again where its environment is back',
      `${delivery}/record/readers.ts`,
      '[...record.consumed, ...forgotten]',
      'record.consumed',
      'G15: a forgotten reader counts again',
    ],
  ]),
];
