import { noticedBy, type Mutation } from './mutation';

const delivery = 'terrace/delivery';
const approve = `${delivery}/approve`;

/** Checks of what judges: rules, facts, authors and policies of the accepted commit (G13). */
export const accepted: readonly Mutation[] = [
  ...noticedBy('test/delivery/approve/protected-base.test.ts', [
    [
      'G13 rules of the accepted commit',
      `${approve}/accepted-judge.ts`,
      'policy: await policyAt(repository, base, judges)',
      'policy: await policyAt(repository, commit, judges)',
      'G13: a key that the change adds',
    ],
    [
      'G13 changed rules are a finding',
      `${approve}/accepted-judge.ts`,
      '...change.rules.map((file) => ({ id: rulesChanged, place: file })),',
      '',
      'G13: a change of the rules needs the second approver',
    ],
    [
      'G13 authors since the accepted commit',
      `${approve}/accepted-judge.ts`,
      'authors: change.authors,',
      'authors: [],',
      'G13: an empty commit on top hides no author',
    ],
    [
      'G13 an evil merge',
      'terrace/git/repository.ts',
      "() => log('remerge'),",
      "() => log('off'),",
      'G13: a merge that brings more than git would have merged',
    ],
    [
      'G13 co-authors',
      'terrace/git/logged-commits.ts',
      "[author, committer, ...others.split('\\n')]",
      '[author, committer]',
      'G13: of a squash merge author and co-authors',
    ],
    [
      'G13 a history without what was applied',
      `${approve}/accepted-judge.ts`,
      'if (accepted.accepted.commit !== bundle.supersedes) requireAncestor(',
      'if (false) requireAncestor(',
      'G13: a history without what was applied is refused',
    ],
    [
      'G13 a rolled-back history needs one more',
      `${approve}/accepted-judge.ts`,
      '...(verified.bundle.supersedes === undefined ? [] : [{ id: historySuperseded, place: verified.bundle.supersedes }]),',
      '',
      'G13: a history without what was applied is refused',
    ],
    [
      'G13 nothing accepted is no first set-up',
      `${delivery}/accepted/find-accepted.ts`,
      'requireCommit(repository, environment, commit);',
      '',
      'G13: where nothing is accepted, or the clone lacks it',
    ],
    [
      'G13 the place of what is accepted is the environment’s own',
      `${delivery}/accepted/find-accepted.ts`,
      'if (state === undefined || key !== own)',
      'if (state === undefined)',
      'G13: facts that keep what is accepted where another environment may write',
    ],
    [
      'G13 a place that was not taken along',
      `${delivery}/accepted/find-accepted.ts`,
      'await refuseUnmoved(environment, facts, own, search);',
      '',
      'G13: another account is a change of facts',
    ],
    [
      'G13 units say what the facts say',
      `${approve}/accepted-judge.ts`,
      '...factProblems(units, accepted.facts, factsOf(ofChange, environment)), ',
      '',
      'G13: a unit that says another account or bucket',
    ],
    [
      'G13 reaching another environment asks for its approvals',
      `${approve}/accepted-judge.ts`,
      'environments: [environment, ...reached(environment, facts, factsOf(ofChange, environment))],',
      'environments: [environment],',
      'G13: facts that let an environment reach another one',
    ],
    [
      'G13 what was accepted by hand is said',
      `${approve}/accepted-judge.ts`,
      "...(accepted.accepted.by === 'rules accept' ? [{ id: rulesAccepted, place: environment }] : []),",
      '',
      'G13: what an administrator accepted without approvals',
    ],
    [
      'G13 accepted policies bind',
      `${approve}/accepted-judge.ts`,
      '...(await policyDenials(place, base, verified))],',
      '],',
      'G13: a policy of the accepted commit that refuses binds',
    ],
    [
      'G13 findings that nothing finds',
      `${approve}/judges.ts`,
      'if (unknown.length === 0) return policy;',
      'return policy;',
      'rules that wait for a finding that nothing can find',
    ],
    [
      'G13 a shallow clone',
      `${approve}/change-since.ts`,
      'if (repository.isCutOff(accepted, head))',
      'if (false)',
      'a shallow clone that lacks a part of the change',
    ],
  ]),
  ...noticedBy('test/git/refs.test.ts', [
    [
      'G13 branches by their full names',
      'terrace/git/repository.ts',
      "return name === '' || name.startsWith('refs/') ? [] : [`refs/heads/${name}`, `refs/remotes/${name}`];",
      'return [name];',
      'G13: a tag called as the protected branch',
    ],
    [
      'G13 two branches of one name',
      'terrace/git/repository.ts',
      'if (meant.size > 1)',
      'if (meant.size > 2)',
      'G13: a local branch called as one of the remote',
    ],
    [
      'G13 replaced commits',
      'terrace/git/git-environment.ts',
      "GIT_NO_REPLACE_OBJECTS: '1', ",
      '',
      'G13: a replaced commit is read as what its id says',
    ],
    [
      'G13 variables that point git elsewhere',
      'terrace/git/git-environment.ts',
      '.filter(([name]) => !redirecting.test(name))',
      '',
      'G13: variables of the shell that point git elsewhere',
    ],
    [
      'G10 hooks of the change',
      'terrace/git/repository.ts',
      "const unhooked = ['-c', `core.hooksPath=${devNull}`, '-c', 'core.fsmonitor=false', '-c', 'diff.relative=false'];",
      'const unhooked: readonly string[] = [];',
      'G10: a hook that is a file of the change never runs',
    ],
  ]),
  ...noticedBy('test/delivery/accepted/move-accepted.test.ts', [
    [
      'G13 what is accepted stays until all is applied',
      `${delivery}/accepted/move-accepted.ts`,
      'if (left.length > 0) return staysUntil(before, left);',
      '',
      'a unit that the commit has and the planner does not name',
    ],
    [
      'G13 what is accepted stays until what was put off is applied',
      `${delivery}/accepted/move-accepted.ts`,
      'if (deferred.length > 0) return staysUntil(before, deferred);',
      '',
      'a unit that was put off because what it reads changed',
    ],
  ]),
  ...noticedBy('test/delivery/affected/affected.test.ts', [
    [
      'G13 a platform is nobody',
      'terrace/git/repository.ts',
      '.filter((address) => !platformAddress.test(address))',
      '',
      'authors are those who wrote, committed',
    ],
  ]),
];
