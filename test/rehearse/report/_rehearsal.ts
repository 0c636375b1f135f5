import { proved, unproved, type Rehearsal, type RehearsedRound } from '../../../terrace/rehearse/rehearsal';

export const alb = 'shop/prod/eu/network/alb';
export const api = 'shop/prod/eu/compute/api';
export const round: RehearsedRound = {
  round: 1,
  units: [{ unit: alb, operation: 'apply', status: 'applied', counts: { create: 0, update: 1, replace: 1, delete: 1 }, seconds: 2.5 }],
  waits: [{ unit: api, upstream: alb, outputs: ['group_arn'], reason: 'group_arn of its upstream is known after round 1' }],
  replaces: [
    {
      unit: alb,
      address: 'aws_lb_target_group.api',
      type: 'aws_lb_target_group',
      createFirst: false,
      because: 'port cannot be changed in place',
      attributes: ['port'],
    },
  ],
  destroys: [{ unit: alb, address: 'aws_sqs_queue.old', type: 'aws_sqs_queue' }],
  moves: [{ unit: alb, from: 'aws_eip.one', to: 'aws_eip.two' }],
  imports: [{ unit: alb, address: 'aws_eip.three', id: 'eipalloc-3' }],
  down: [
    {
      unit: alb,
      address: 'aws_lb_target_group.api',
      type: 'aws_lb_target_group',
      action: 'replace',
      because: 'port changes',
      traffic: [
        {
          from: { unit: alb, address: 'aws_lb_listener.https' },
          to: { unit: alb, address: 'aws_lb_target_group.api' },
          by: 'default_action.target_group_arn',
        },
      ],
      edges: [{ unit: api, address: 'aws_ecs_service.api', attribute: 'load_balancer.target_group_arn' }],
      readers: [api],
    },
  ],
  stale: [{ unit: api, upstream: alb, outputs: ['group_arn'] }],
  findings: [{ id: 'f1', rule: 'replaced', severity: 'high', title: 'Replaced', reason: 'it is down', unit: alb, address: null }],
  policies: [{ policy: 'naming', severity: 'deny', message: 'no such name', unit: alb, address: 'aws_eip.two' }],
  seconds: { plan: 3.25, apply: 4.75 },
};
/** A report that says something of everything. */
export const rehearsal: Rehearsal = {
  version: 1,
  commit: null,
  dirty: false,
  base: 'applied',
  outcome: 'findings',
  seeded: {
    units: 2,
    resources: 9,
    unseeded: [{ unit: api, address: 'nowhere_thing.one', type: 'nowhere_thing', reason: 'no simulated provider has such a type' }],
    incomplete: [],
    derived: [{ unit: api, address: 'aws_ssm_parameter.hash', attribute: 'value' }],
    seconds: 1.5,
  },
  affected: [{ unit: alb, operation: 'apply', reasons: ['its files differ'] }],
  excluded: [],
  forth: { rounds: [round], left: [], last: { units: 2, changed: [], seconds: 4 } },
  back: { rounds: [{ ...round, replaces: [], down: [] }], left: [], last: { units: 2, changed: [], seconds: 4 } },
  problems: [{ code: 'E6040', title: 'left', place: api, found: 'it waits', todo: 'wait' }],
  proved,
  unproved,
  seconds: 20,
};
