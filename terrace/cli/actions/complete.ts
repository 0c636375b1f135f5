import { readdirSync } from 'node:fs';
import path from 'node:path';

import type { Command } from 'commander';

import { readModel } from '../../model/model-file';
import type { CommandContext } from '../command-context';
import { completions } from '../completion';
import { liveRoot } from '../project';

/** `terrace complete`: one word a line; nothing where nothing is known, for a shell shows no errors while somebody types. */
export function runComplete(context: CommandContext, program: Command, words: readonly string[]): void {
  const root = context.projectIfAny();
  const found = completions({ program, units: root === undefined ? [] : unitPaths(root) }, words);
  if (found.length > 0) process.stdout.write(`${found.join('\n')}\n`);
}

/** Paths of the tree that was synthesized last; without one, the systems. */
function unitPaths(root: string): readonly string[] {
  try {
    return readModel(liveRoot(root)).units.map((unit) => unit.path);
  } catch {
    return systemsOf(root);
  }
}

function systemsOf(root: string): readonly string[] {
  try {
    return readdirSync(path.join(root, 'stacks'), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch {
    return [];
  }
}
