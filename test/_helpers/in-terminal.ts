import { run, type Outcome } from './scratch-project';

/**
 * Runs `terrace` of a project on a terminal of its own (util-linux's `script`), and gives its answers, each when its question was asked. What it
 * prints is all in `stdout`.
 */
export function inTerminal(
  root: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  answers: readonly { readonly to: string; readonly with: string }[],
): Promise<Outcome> {
  const command = [process.execPath, `${root}/node_modules/terrace/bin/terrace.js`, ...args].map((word) => `'${word}'`).join(' ');
  let given = 0;
  return run('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null'], {
    cwd: root,
    env: { ...env, TERM: 'dumb' },
    stdin: 'pipe',
    onOutput: (output, child) => {
      const next = answers[given];
      if (next === undefined || !output.includes(next.to)) return;
      given += 1;
      child.stdin?.write(`${next.with}\n`);
    },
  });
}
