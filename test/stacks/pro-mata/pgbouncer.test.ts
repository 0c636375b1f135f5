import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, realpathSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { beforeAll, describe, expect, test } from '@jest/globals';

import { freePort } from '../../_helpers/free-port';
import { temporaryFolder } from '../../_helpers/sandbox';
import { runTool } from '../../_helpers/tools';
import { whereAvailable } from '../../_helpers/where-available';
import type { SynthesizedTree } from '../olechka/tree';
import { artifact, proMataTree } from './tree';

let tree: SynthesizedTree;
beforeAll(async () => {
  tree = await proMataTree(undefined, ['pro-mata/dev']);
}, 600_000);

whereAvailable('pgbouncer', (program) =>
  describe('PgBouncer', () => {
    /** Runs with a pooler that has settings; undefined stands for one that ended by itself, with what it said. */
    async function withPooler<T>(settings: string, port: number, run: (ended: string | undefined) => T): Promise<T> {
      const folder = temporaryFolder('terrace-pool-');
      chmodSync(folder, 0o755);
      const users = path.join(folder, 'users');
      writeFileSync(users, '"promata" "right"\n', { mode: 0o644 });
      const file = path.join(folder, 'pgbouncer.ini');
      const here = settings
        .replace(/^listen_addr = .*$/m, 'listen_addr = 127.0.0.1')
        .replace(/^listen_port = .*$/m, `listen_port = ${port}`)
        .replace(/^auth_file = .*$/m, `auth_file = ${users}`)
        .replace(/ host=\S+ port=\d+/, ' host=127.0.0.1 port=1')
        .concat('query_wait_timeout = 1\n');
      writeFileSync(file, here, { mode: 0o644 });
      // It refuses to run as root.
      const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
      // The tools' folder may be root's own, so that the program itself is named.
      const child = spawn(realpathSync(program), [file], { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
      const said: Buffer[] = [];
      child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
      const closed = new Promise<void>((resolve, reject) => child.once('error', reject).once('close', () => resolve()));
      try {
        return run(
          (await Promise.race([listens(child, port), closed.then(() => false)])) ? undefined : Buffer.concat(said).toString('utf8'),
        );
      } finally {
        child.kill('SIGKILL');
        await closed;
      }
    }

    /** True once somebody answers on a port; false where the program ended first. */
    async function listens(child: ChildProcess, port: number): Promise<boolean> {
      for (let tries = 0; tries < 600; tries += 1) {
        if (child.exitCode !== null || child.signalCode !== null) return false;
        const open = await new Promise<boolean>((resolve) => {
          const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
          socket.once('connect', () => socket.destroy());
        });
        if (open) return true;
        await wait(100);
      }
      throw new Error('the pooler neither listens nor ends');
    }

    const settings = (): string => artifact(tree, 'docker/configs/pgbouncer.ini');
    const login = (port: number, password: string) =>
      runTool('psql', [`postgresql://promata:${password}@127.0.0.1:${port}/promata?sslmode=disable`, '--command', 'select 1'], {
        env: { ...process.env, PGCONNECT_TIMEOUT: '120', LC_ALL: 'C' },
      });

    test('takes the rendered settings, and refuses them with one name misspelt', async () => {
      expect(await withPooler(settings(), await freePort(), (ended) => ended)).toBeUndefined();
      const misspelt = settings().replace('default_pool_size', 'default_pool_sizes');
      expect(misspelt).not.toBe(settings());
      expect(await withPooler(misspelt, await freePort(), (ended) => ended)).toContain('default_pool_sizes');
    });

    test('asks a client for the password of its list before it asks the database', async () => {
      const port = await freePort();
      await withPooler(settings(), port, () => {
        expect(login(port, 'wrong').output).toContain('SASL authentication failed');
        // Nobody listens where the database should be, so that a client that is let in waits in vain.
        expect(login(port, 'right').output).toContain('query_wait_timeout');
      });
    });
  }),
);
