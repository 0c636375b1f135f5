import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { inTemporaryFolder } from '../_helpers/demo-project';
import { projectRoot } from '../_helpers/project-root';

/** Long enough that it is worth keeping. */
const padding = `// ${'x'.repeat(300_000)}\n`;

/** A package with a program of one module, and a run of it that tells which modules came from what was kept. */
function program(folder: string): { readonly write: (text: string) => void; readonly run: () => readonly string[] } {
  mkdirSync(path.join(folder, 'bin'));
  mkdirSync(path.join(folder, 'dist'));
  cpSync(path.join(projectRoot, 'terrace', 'bin', 'code-cache.js'), path.join(folder, 'bin', 'code-cache.js'));
  writeFileSync(
    path.join(folder, 'bin', 'program.js'),
    `delete require('node:module').enableCompileCache;
const vm = require('node:vm');
const { Script } = vm;
vm.Script = function (text, options) {
  const script = new Script(text, options);
  console.log(options.cachedData === undefined ? 'compiled' : script.cachedDataRejected ? 'refused' : 'kept');
  return script;
};
require('./code-cache.js').keepCompiledCode('program');
console.log(require('../dist/module.js').greeting(), require.resolve('../dist/module.js') === Object.keys(require.cache).at(-1));
`,
  );
  return {
    write: (text) => writeFileSync(path.join(folder, 'dist', 'module.js'), `${padding}${text}`),
    run: () => {
      const { stdout, stderr } = spawnSync(process.execPath, [path.join(folder, 'bin', 'program.js')], { encoding: 'utf8' });
      return `${stdout}${stderr}`.trim().split('\n');
    },
  };
}

test('what was compiled is kept for the next run, and a module of other text, of the same length too, is compiled again', () =>
  inTemporaryFolder((folder) => {
    const { write, run } = program(folder);
    write("exports.greeting = () => 'one';\n");
    expect(run()).toEqual(['compiled', 'one true']);
    expect(run()).toEqual(['kept', 'one true']);
    write("exports.greeting = () => 'two';\n");
    expect(run()).toEqual(['compiled', 'two true']);
    expect(run()).toEqual(['kept', 'two true']);
  }));

test('in a copied folder nothing of the first is used: traces name the copy', () =>
  inTemporaryFolder((folder) => {
    const first = path.join(folder, 'first');
    mkdirSync(first);
    const { write, run } = program(first);
    write("exports.greeting = () => /at (?:Object|exports)\\.[^(]*\\(([^:]+):/.exec(new Error('here').stack)[1];\n");
    expect([run(), run()].map(([how]) => how)).toEqual(['compiled', 'kept']);
    const second = path.join(folder, 'second');
    cpSync(first, second, { recursive: true });
    const { stdout } = spawnSync(process.execPath, [path.join(second, 'bin', 'program.js')], { encoding: 'utf8' });
    expect(stdout.trim().split('\n')).toEqual(['compiled', `${path.join(second, 'dist', 'module.js')} true`]);
  }));

test('a module of the other kind, and a file that holds something else, are loaded as without it', () =>
  inTemporaryFolder((folder) => {
    const { write, run } = program(folder);
    write("export const greeting = () => 'esm';\n");
    expect(run().filter((line) => !/Warning|--trace-warnings/.test(line))).toEqual(['esm true']);
    write("exports.greeting = () => 'one';\n");
    run();
    const kept = path.join(folder, 'dist', '.code');
    for (const name of readdirSync(kept)) writeFileSync(path.join(kept, name), 'something else');
    expect(run()).toEqual(['compiled', 'one true']);
  }));

test('where nothing can be written, nothing is kept and nothing is said', () =>
  inTemporaryFolder((folder) => {
    const { write, run } = program(folder);
    writeFileSync(path.join(folder, 'dist', '.code'), 'a file where a folder has to be');
    write("exports.greeting = () => 'one';\n");
    expect([run(), run()]).toEqual([
      ['compiled', 'one true'],
      ['compiled', 'one true'],
    ]);
    expect(existsSync(path.join(folder, 'dist', '.code', 'program'))).toBe(false);
  }));

test.each(['plain', 'Größe — 日本'])(
  'a module of generated bindings, which is read in another way, is kept too and means the same: %s',
  (word) =>
    inTemporaryFolder((folder) => {
      const { write, run } = program(folder);
      const module = path.join(folder, 'node_modules', '@cdktf', 'provider-made', 'lib', 'made', 'index.js');
      mkdirSync(path.dirname(module), { recursive: true });
      const bind = (text: string): void => writeFileSync(module, `${padding}exports.word = ${JSON.stringify(text)};\n`);
      bind(word);
      write("const { word } = require('@cdktf/provider-made/lib/made/index.js');\nexports.greeting = () => word;\n");
      const said = (): readonly string[] => run().map((line) => line.replace(/ (?:true|false)$/, ''));
      expect(said()).toEqual(['compiled', 'compiled', word]);
      expect(said()).toEqual(['kept', 'kept', word]);
      bind(word.toUpperCase());
      expect(said()).toEqual(['kept', 'compiled', word.toUpperCase()]);
    }),
);
