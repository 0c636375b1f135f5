import type { Diagram, DiagramNode } from 'terrace/diagram';

/** Who has the change in hand, one after the other, with the commands that each runs; docs/road-of-a-change.md tells them one by one. */
const hands: readonly (Pick<DiagramNode, 'id' | 'title' | 'subtitle' | 'kind'> & { readonly commands: readonly string[] })[] = [
  {
    id: 'author',
    title: 'author',
    subtitle: 'changes typed source',
    kind: 'laptop',
    commands: ['synth', 'affected', 'git commit, git push'],
  },
  {
    id: 'reader',
    title: 'runner that reads',
    subtitle: 'no right to change anything',
    kind: 'step',
    commands: ['affected', 'plan: one for each unit', 'bundle: sealed, one hash'],
  },
  {
    id: 'people',
    title: 'reviewers',
    subtitle: 'not the author alone',
    kind: 'approval',
    commands: ['review: page, comment, findings', 'policies of the accepted commit', 'approve: signs the hash'],
  },
  {
    id: 'applier',
    title: 'runner that applies',
    subtitle: 'holds the key of the plans',
    kind: 'check',
    commands: ['verify: bytes, rules, approvals', 'apply: exactly these plans', 'record beside the state'],
  },
  {
    id: 'cloud',
    title: 'cloud and states',
    subtitle: 'under the lock',
    kind: 'state',
    commands: ['status: what is behind', 'drift: what changed outside'],
  },
];

/** From a commit to what stands in the cloud, and round again where outputs changed. */
export function roadOfAChange(): Diagram {
  const flow = (from: string, to: string, label: string) => ({ from, to, kind: 'flow' as const, label });
  return {
    title: 'The road of a change',
    description:
      'An author commits. A runner that may only read plans the units that the commit affects, and seals the plans of one round in a bundle. Reviewers read the bundle, policies judge it, an approval signs its hash. A runner that may apply checks bytes, rules and approvals, and applies exactly these plans. Where that changed outputs that other units read, the next round plans those.',
    direction: 'right',
    clusters: [],
    nodes: hands.map(({ commands, ...node }) => ({ ...node, rows: commands.map((text) => ({ text })) })),
    edges: [
      flow('author', 'reader', 'commit'),
      flow('reader', 'people', 'bundle'),
      flow('people', 'applier', 'approval'),
      flow('applier', 'cloud', 'saved plans'),
      flow('applier', 'reader', 'next round'),
    ],
  };
}
