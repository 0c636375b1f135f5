import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { temporaryFolder } from './sandbox';
import { writeShop, type ShopUnit } from './shop-tree';

/** A git repository whose `synth` copies the tree that is committed in it. */
export interface ScratchRepository {
  readonly root: string;
  /** Writes the tree of these units as what the work tree synthesizes to. */
  write(units: readonly ShopUnit[]): void;
  file(name: string, content: string): void;
  /** Commits everything; gives the commit. */
  commit(message: string, author?: string): string;
  git(...args: readonly string[]): string;
  dispose(): void;
}

const synth = `
const fs = require('node:fs');
const path = require('node:path');
const [, , command, flag, out] = process.argv;
if (command !== 'synth' || flag !== '--out') process.exit(64);
const root = path.resolve(__dirname, '..', '..');
if (fs.existsSync(path.join(root, 'broken'))) { console.error('E1106 system cannot be built'); process.exit(1); }
const leaked = Object.keys(process.env).filter((name) => /^(AWS|TF|TERRACE|SECRET)/.test(name));
if (leaked.length > 0) { console.error('leaked ' + leaked.join(' ')); process.exit(1); }
fs.cpSync(path.join(root, 'tree'), out, { recursive: true });
`;

export function scratchRepository(): ScratchRepository {
  const root = temporaryFolder('terrace-repository-');
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=author@example.com', '-c', 'commit.gpgsign=false', ...args], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  const file = (name: string, content: string): void => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  };
  git('init', '--quiet', '--initial-branch=main');
  file('tool/bin/terrace.js', synth);
  mkdirSync(path.join(root, 'node_modules'));
  symlinkSync('../tool', path.join(root, 'node_modules', 'terrace'), 'dir');
  file('.gitignore', '.terrace/\nnode_modules/\n');
  return {
    root,
    git,
    file,
    write: (units) => {
      rmSync(path.join(root, 'tree'), { recursive: true, force: true });
      mkdirSync(path.join(root, 'tree'));
      writeShop(path.join(root, 'tree'), units, { commit: null });
    },
    commit: (message, author = 'Author <author@example.com>') => {
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--author', author, '--message', message);
      return git('rev-parse', 'HEAD');
    },
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
}
