import type { Command } from 'commander';

import * as backend from './backend';
import * as diagram from './diagram';
import * as graph from './graph';
import * as iam from './iam';
import * as list from './list';
import * as lock from './lock';
import * as policy from './policy';
import * as review from './review';
import * as sandbox from './sandbox';
import * as state from './state';
import * as synth from './synth';

/** Every command, in no order: the help sorts them. A command's file loads nothing heavy until it runs. */
export const commands: readonly ((program: Command) => void)[] = [backend.register, diagram.register, graph.register, iam.register, list.register, lock.register, policy.register, review.register, sandbox.register, state.register, synth.register];
