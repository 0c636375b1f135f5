import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll } from '@jest/globals';

import { findTerraform, type TerraformBinary } from '../../../terrace/terraform/binary';
import { runTerraform } from '../../../terrace/terraform/run';
import { temporaryFolder } from '../../_helpers/sandbox';
import type { Mode, ServedCloud } from './_cloud';

export interface Ran {
  readonly exitCode: number;
  /** Both streams, without colour and line-drawing. */
  readonly output: string;
}

/** A state file, as far as the tests look into it. */
export interface StateFile {
  readonly resources: readonly {
    readonly module?: string;
    readonly mode: 'managed' | 'data';
    readonly type: string;
    readonly name: string;
    readonly instances: readonly {
      readonly index_key?: string | number;
      readonly attributes: Readonly<Record<string, unknown>>;
      readonly private?: string;
      readonly status?: string;
    }[];
  }[];
}

let binary: Promise<TerraformBinary> | undefined;
const units: Unit[] = [];
afterAll(() => units.forEach((unit) => unit.remove()));

/** A folder of HCL and the real terraform in it. */
export class Unit {
  readonly dir = path.join(temporaryFolder('terrace-unit-'), 'unit');
  private initialized = false;

  constructor(
    readonly served: ServedCloud,
    readonly mode: Mode,
  ) {
    mkdirSync(this.dir);
    units.push(this);
  }

  /** Writes files; a single text is `main.tf`. Provider requirements are added for the types that it uses. */
  write(files: string | Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(typeof files === 'string' ? { 'main.tf': files } : files)) {
      mkdirSync(path.dirname(path.join(this.dir, name)), { recursive: true });
      writeFileSync(path.join(this.dir, name), text);
    }
    this.initialized = false;
  }

  /** Runs terraform; modules and mirror mode need an init first, which is done once. */
  async terraform(args: readonly string[], account?: string): Promise<Ran> {
    const needsInit = this.mode === 'mirror' || existsSync(path.join(this.dir, 'modules'));
    if (needsInit && !this.initialized && args[0] !== 'init' && args[0] !== 'providers') {
      const init = await this.run(['init', '-input=false'], account);
      if (init.exitCode !== 0) return init;
      this.initialized = true;
    }
    return this.run(args, account);
  }

  plan(...args: readonly string[]): Promise<Ran> {
    return this.terraform(['plan', '-input=false', '-detailed-exitcode', ...args]);
  }

  apply(...args: readonly string[]): Promise<Ran> {
    return this.terraform(['apply', '-input=false', '-auto-approve', ...args]);
  }

  destroy(...args: readonly string[]): Promise<Ran> {
    return this.terraform(['destroy', '-input=false', '-auto-approve', ...args]);
  }

  /** Applies, and fails the test with terraform's words when that fails. */
  async applied(files?: string | Readonly<Record<string, string>>): Promise<Ran> {
    if (files !== undefined) this.write(files);
    const ran = await this.apply();
    if (ran.exitCode !== 0) throw new Error(ran.output);
    return ran;
  }

  /** The managed resources of the state by address, child modules included; read from the file, which costs no terraform run. */
  async resources(): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>> {
    const found = this.state()
      .resources.filter(({ mode }) => mode === 'managed')
      .flatMap((one) =>
        one.instances.map(
          ({ index_key: key, attributes }) =>
            [
              `${one.module === undefined ? '' : `${one.module}.`}${one.type}.${one.name}${key === undefined ? '' : `[${JSON.stringify(key)}]`}`,
              attributes,
            ] as const,
        ),
      );
    return Object.fromEntries(found);
  }

  async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const ran = await this.terraform(['output', '-json']);
    const parsed = JSON.parse(ran.output) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(parsed).map(([name, { value }]) => [name, value]));
  }

  /** The state file itself. */
  state(): StateFile {
    return JSON.parse(readFileSync(path.join(this.dir, 'terraform.tfstate'), 'utf8'));
  }

  remove(): void {
    rmSync(path.dirname(this.dir), { recursive: true, force: true });
  }

  private async run(args: readonly string[], account?: string): Promise<Ran> {
    binary ??= findTerraform();
    const colourless = ['plan', 'apply', 'destroy', 'init', 'validate', 'refresh', 'import', 'test'].includes(args[0] ?? '')
      ? [...args.slice(0, 1), '-no-color', ...args.slice(1)]
      : args;
    const ran = await runTerraform(await binary, { cwd: this.dir, args: colourless, env: this.served.environment(this.mode, account) });
    return {
      exitCode: ran.exitCode,
      output: args.includes('-json') && ran.exitCode === 0 ? ran.stdout : plain(`${ran.stdout}\n${ran.stderr}`),
    };
  }
}

/** Terraform wraps its messages at the terminal's width and draws a bar beside them. */
function plain(text: string): string {
  return text.replaceAll(/\u001b\[[0-9;]*m/g, '').replaceAll(/^[╷│╵]\s?/gm, '');
}

/** Text with all white space as single blanks, for sentences that terraform may have wrapped. */
export function unwrapped(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
