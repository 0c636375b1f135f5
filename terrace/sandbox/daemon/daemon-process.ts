import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { isAlive } from '../../base/living-process';
import { TerraceError } from '../../base/errors';
import { packageRoot } from '../../base/package-file';
import { sandboxBuild } from './build';
import { askDaemon, type DaemonStatus, folderOf, isDaemonOf, portTaken, readRecord, waits } from './daemon-record';
import { layoutOf } from './layout';
import type { SandboxSettings } from './settings';

/** How long a start may take before it counts as failed, in milliseconds; a daemon needs under one second. */
const startLimit = 60_000;
/** How long a daemon may take over its last words before it is killed, in milliseconds. */
const stopLimit = 5000;
/** Milliseconds that a daemon may take from its last connection to its end. */
const endLimit = 1000;
/** How long the port may be held by a daemon that another process has just started and that does not answer yet. */
const grace = 5000;
/** Log size above which a start begins a new one. */
const mostLogBytes = 4 * 1024 * 1024;

/** Variables that the daemon gets of the shell's: it never holds a credential or a proxy. */
const inherited = ['PATH', 'HOME', 'USERPROFILE', 'SYSTEMROOT', 'TMPDIR', 'TEMP', 'TMP', 'LANG', 'LC_ALL'] as const;

/** A daemon's process. */
interface LaunchedDaemon {
  /** Undefined while it runs; -1 where it could not be started or was killed. */
  exitCode(): number | undefined;
  /** Has one that waits serve. */
  begin(): void;
  /** Ends one that waits. */
  cancel(): void;
}

/** Begins to load a daemon for a folder that is still being filled: loading takes most of a start. Somebody starts it, or cancels it. */
export function prepareDaemon(dir: string, project: string): LaunchedDaemon {
  return launch(dir, project, true);
}

/**
 * Makes sure that the daemon of a folder runs and is ready; one that is started simulates the providers of the project, and is the prepared one
 * where there is one. Raises E5002 or E5003.
 */
export async function startDaemon(
  dir: string,
  project: string,
  settings: SandboxSettings,
  prepared?: LaunchedDaemon,
): Promise<DaemonStatus> {
  let already = await askDaemon(dir, settings.port);
  if (already?.ready === true && isDaemonOf(already, dir, settings.id)) {
    if (already.build === sandboxBuild()) {
      prepared?.cancel();
      return already;
    }
    // It runs code of another version: its data stay, its ports too.
    await stopDaemon(dir, settings);
    already = undefined;
  }
  const launched = already === undefined ? (prepared ?? launch(dir, project, false)) : undefined;
  if (launched === undefined) prepared?.cancel();
  launched?.begin();
  const began = Date.now();
  let heldSince: number | undefined;
  for (;;) {
    const status = await askDaemon(dir, settings.port);
    const isOwn = status !== undefined && isDaemonOf(status, dir, settings.id);
    const exited = launched?.exitCode();
    if (isOwn && status.ready) return status;
    if (status !== undefined && !isOwn) throw taken(dir, settings, `the sandbox of ${status.dir} (process ${status.pid})`);
    if (exited === portTaken) {
      heldSince ??= Date.now();
      if (Date.now() - heldSince > grace && status === undefined)
        throw taken(dir, settings, 'another program, or the sandbox of a different folder');
    } else if (exited !== undefined) throw didNotStart(dir, `the daemon ended with exit code ${exited}`);
    if (Date.now() - began > startLimit) throw didNotStart(dir, `the daemon did not answer within ${startLimit / 1000} s`);
    await sleep(25);
  }
}

/** Stops the daemon of a folder; false when none ran. A process that is not provably this daemon is never signalled. Raises E5005. */
export async function stopDaemon(dir: string, settings: SandboxSettings): Promise<boolean> {
  const pid = await daemonPid(dir, settings);
  if (pid === undefined) {
    rmSync(layoutOf(dir).record, { force: true });
    return false;
  }
  for (const [signal, limit] of [
    ['SIGTERM', stopLimit],
    ['SIGKILL', 5000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      // Gone in the meantime: the port says so below.
    }
    for (const until = Date.now() + limit; Date.now() < until; await sleep(20)) {
      if (await listens(settings.port)) continue;
      // What it writes at its end must not meet a folder that is being removed; in a container whose first process reaps nobody, it stays for ever.
      for (const gone = Date.now() + endLimit; isAlive(pid) && Date.now() < gone; await sleep(10));
      rmSync(layoutOf(dir).record, { force: true });
      return true;
    }
  }
  throw new TerraceError({
    code: 'E5005',
    title: 'sandbox did not stop',
    place: dir,
    found: `process ${pid} still holds port ${settings.port}`,
    todo: `end it by hand: kill -9 ${pid}`,
  });
}

function launch(dir: string, project: string, isWaiting: boolean): LaunchedDaemon {
  const { log } = layoutOf(dir);
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > mostLogBytes) renameSync(log, `${log}.1`);
  const output = openSync(log, 'a', 0o600);
  const env = Object.fromEntries(
    inherited.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const])),
  );
  const script = path.join(packageRoot(), 'bin', 'sandbox-daemon.js');
  const compiled = __dirname.startsWith(path.join(packageRoot(), 'dist')) ? ['--compiled'] : [];
  const child = spawn(process.execPath, [script, dir, project, ...compiled, ...(isWaiting ? [waits] : [])], {
    cwd: project,
    detached: true,
    stdio: [isWaiting ? 'pipe' : 'ignore', output, output],
    env,
    windowsHide: true,
  });
  closeSync(output);
  let exited: number | undefined;
  child.once('exit', (code) => (exited = code ?? -1));
  child.once('error', () => (exited = -1));
  // Of one that has ended its exit code speaks.
  child.stdin?.once('error', () => undefined);
  child.unref();
  return {
    exitCode: () => exited,
    begin: () => void child.stdin?.end('begin\n'),
    cancel: () => void child.stdin?.destroy(),
  };
}

/** The daemon's process: the one that answers with the sandbox's id, or one that hangs but is recorded and bears the daemon's command line. */
async function daemonPid(dir: string, settings: SandboxSettings): Promise<number | undefined> {
  const status = await askDaemon(dir, settings.port);
  if (status !== undefined) return isDaemonOf(status, dir, settings.id) ? status.pid : undefined;
  const pid = readRecord(dir)?.pid;
  if (pid === undefined || !isAlive(pid)) return undefined;
  const command = commandOf(pid);
  return command.includes('sandbox-daemon.js') && [dir, folderOf(dir)].some((one) => `${command.trim()} `.includes(` ${one} `))
    ? pid
    : undefined;
}

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', done(true));
    socket.once('error', done(false));
  });
}

function taken(dir: string, settings: SandboxSettings, by: string): TerraceError {
  return new TerraceError({
    code: 'E5003',
    title: 'sandbox port taken',
    place: dir,
    found: `port ${settings.port} of 127.0.0.1 is held by ${by}`,
    todo: 'stop that program, or choose new ports: npx --no terrace sandbox start --new-ports',
  });
}

function didNotStart(dir: string, what: string): TerraceError {
  const { log } = layoutOf(dir);
  let tail = '';
  try {
    tail = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
  } catch {
    tail = '(no log)';
  }
  return new TerraceError({
    code: 'E5002',
    title: 'sandbox did not start',
    place: dir,
    found: `${what}\n${tail}`,
    todo: `the whole log is ${log}`,
  });
}
