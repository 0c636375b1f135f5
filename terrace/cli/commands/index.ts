import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

import * as affected from './affected';
import * as apply from './apply';
import * as approve from './approve';
import * as backend from './backend';
import * as bundle from './bundle';
import * as ci from './ci';
import * as completion from './completion';
import * as deploy from './deploy';
import * as diagram from './diagram';
import * as doctor from './doctor';
import * as drift from './drift';
import * as explain from './explain';
import * as graph from './graph';
import * as handover from './handover';
import * as iam from './iam';
import * as init from './init';
import * as keygen from './keygen';
import * as list from './list';
import * as lock from './lock';
import * as newSource from './new';
import * as plan from './plan';
import * as policy from './policy';
import * as providers from './providers';
import * as publish from './publish';
import * as rehearse from './rehearse';
import * as review from './review';
import * as rules from './rules';
import * as sandbox from './sandbox';
import * as start from './start';
import * as state from './state';
import * as status from './status';
import * as synth from './synth';
import * as verify from './verify';

/** Every command, in no order: the help sorts them. A command's file loads nothing heavy until it runs. */
export const commands: readonly ((program: Command, context: CommandContext) => void)[] = [
  affected.register,
  apply.register,
  approve.register,
  backend.register,
  bundle.register,
  ci.register,
  completion.register,
  deploy.register,
  diagram.register,
  doctor.register,
  drift.register,
  explain.register,
  graph.register,
  handover.register,
  iam.register,
  init.register,
  keygen.register,
  list.register,
  lock.register,
  newSource.register,
  plan.register,
  policy.register,
  providers.register,
  publish.register,
  rehearse.register,
  review.register,
  rules.register,
  sandbox.register,
  start.register,
  state.register,
  status.register,
  synth.register,
  verify.register,
];
