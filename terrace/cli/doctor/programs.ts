import type { Apartness } from '../../base/apart';
import type { Problem } from '../../base/errors';
import { failedCheck, type Check } from './check';

/** Node releases that get no security fixes any more on a day: major version → first day without (the release schedule of nodejs/Release). */
const endOfLife: Readonly<Record<number, string>> = { 18: '2025-05-01', 20: '2026-05-01', 22: '2027-05-01', 24: '2028-05-01' };

/** First Node major version for which the terminal library that cdktf-cli names has no binary: `npx cdktf` ends at once there, Terrace itself runs. */
const firstWithoutCdktf = 24;

/** What stands in for that library in package.json: the same calls, with one binary for every Node. */
const terminalOverride = '"overrides": { "@cdktf/node-pty-prebuilt-multiarch": "npm:@lydell/node-pty@1.1.0" }';

interface Range {
  readonly least: readonly [number, number];
  /** First major version that is outside. */
  readonly below: number;
}

/** Reads `>=20.19 <27`; undefined for another form. */
export function parseRange(text: string): Range | undefined {
  const match = /^>=(\d+)\.(\d+) <(\d+)$/.exec(text);
  return match === null ? undefined : { least: [Number(match[1]), Number(match[2])], below: Number(match[3]) };
}

/** Whether this Node is one that Terrace runs on, and one that still gets fixes. `today` is an ISO date. */
export function nodeCheck(version: string, range: string, today: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const known = parseRange(range);
  const name = 'node';
  if (known !== undefined) {
    const tooOld = major < known.least[0] || (major === known.least[0] && minor < known.least[1]);
    if (tooOld || major >= known.below)
      return {
        name,
        state: 'failed',
        found: `${version}, outside of ${range}`,
        todo: `install Node ${known.below - 1}, or another version in ${range}`,
      };
  }
  const end = endOfLife[major];
  if (end !== undefined && today >= end)
    return {
      name,
      state: 'warning',
      found: `${version}, without security fixes since ${end}`,
      todo: 'install a Node release that still gets fixes',
    };
  return { name, state: 'ok', found: version };
}

/** What is installed of cdktf: versions, and the name of the package that serves as its terminal library. */
export interface InstalledCdktf {
  readonly library: string | undefined;
  readonly cli: string | undefined;
  readonly terminal: string | undefined;
}

/** Whether `npx cdktf` can run: the library and the command line of one version, on a Node that it has a binary for. */
export function cdktfCheck(nodeVersion: string, { library, cli, terminal }: InstalledCdktf): Check {
  const name = 'cdktf';
  if (library === undefined) return { name, state: 'failed', found: 'cdktf is not installed', todo: 'run npm ci' };
  if (cli === undefined)
    return {
      name,
      state: 'skipped',
      found: `cdktf ${library}, no cdktf-cli`,
      todo: 'only `npx cdktf` needs cdktf-cli; Terrace works without it',
    };
  if (cli !== library)
    return { name, state: 'failed', found: `cdktf ${library}, cdktf-cli ${cli}`, todo: 'use the same version of both in package.json' };
  const [major = ''] = nodeVersion.split('.');
  if (terminal === '@cdktf/node-pty-prebuilt-multiarch' && Number(major) >= firstWithoutCdktf)
    return failedCheck(name, withoutTerminal(cli, major), 'warning');
  return { name, state: 'ok', found: cli };
}

/** Said beforehand: where `npx cdktf` ends, nothing of Terrace runs yet. */
function withoutTerminal(cli: string, major: string): Problem {
  return {
    code: 'E8005',
    title: 'cdktf does not start on this Node',
    found: `cdktf-cli ${cli} names a terminal library without a binary for Node ${major}: npx cdktf ends with "Cannot find module '../build/Debug/pty.node'"`,
    todo: `add ${terminalOverride} to package.json and run npm install, or run npx cdktf with Node 22; every command of Terrace works with this Node`,
  };
}

/** Terragrunt is for those who use it. */
export function terragruntCheck(version: string | undefined): Check {
  return version === undefined
    ? { name: 'terragrunt', state: 'skipped', found: 'not on PATH', todo: 'needed only to run terragrunt on the live tree' }
    : { name: 'terragrunt', state: 'ok', found: version };
}

/** How far this clock may be from the one of AWS before signatures are refused: five minutes (AWS Signature Version 4). */
const mostSkewSeconds = 300;

/** Compares this clock with one of AWS; `remote` is undefined where none could be asked. */
export function clockCheck(local: Date, remote: Date | undefined): Check {
  const name = 'clock';
  if (remote === undefined) return { name, state: 'skipped', found: 'no server to compare with could be reached' };
  const seconds = Math.round((local.getTime() - remote.getTime()) / 1000);
  const found = seconds === 0 ? 'right' : `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}`;
  if (Math.abs(seconds) > mostSkewSeconds)
    return { name, state: 'failed', found, todo: `set the clock: AWS refuses signatures more than ${mostSkewSeconds / 60} minutes off` };
  return { name, state: 'ok', found };
}

/** How far the source is kept from what this person signs in with while it is built. */
export function sourceCheck(how: Apartness): Check {
  const name = 'source';
  if (how === 'out of reach')
    return { name, state: 'ok', found: 'built without a network, and with files of credentials and other processes out of reach' };
  return {
    name,
    state: 'warning',
    found: `built without credentials in its environment, but ${how === 'processes' ? 'files' : 'files and other processes'} of this person are in its reach`,
    todo: 'this system gives a person no namespaces: look at a change of somebody unknown before synthesizing it, and sign in so that no keys lie in files',
  };
}
