import type { Command } from 'commander';

import type { CommandContext } from '../command-context';
import * as apply from './apply';
import * as approve from './approve';
import * as bundle from './bundle';
import * as drift from './drift';
import * as keygen from './keygen';
import * as lock from './lock';
import * as plan from './plan';
import * as policy from './policy';
import * as review from './review';
import * as state from './state';
import * as status from './status';
import * as verify from './verify';

/** The commands of the program in one file: those that need nothing of a project's source, only a tree or a bundle. */
export const pipelineCommands: readonly ((program: Command, context: CommandContext) => void)[] = [
  apply.register,
  approve.register,
  bundle.register,
  drift.register,
  keygen.register,
  lock.register,
  plan.register,
  policy.register,
  review.register,
  state.register,
  status.register,
  verify.register,
];
