import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { serveCloud, type Mode, type ServedCloud } from './_cloud';
import { Unit } from './_unit';

/** One behaviour, shown by HCL in the real terraform. */
export interface Case {
  /** A sentence about the behaviour. */
  readonly name: string;
  /** Runs in mirror mode too, not only under reattach. @default only with TERRACE_FULL=1 */
  readonly mirror?: boolean;
  readonly run: (unit: Unit) => Promise<void>;
}

/** Runs cases under reattach, and those that are marked in mirror mode too; with TERRACE_FULL=1 all in both. */
export function behaviours(cases: readonly Case[]): void {
  const full = process.env['TERRACE_FULL'] === '1';
  let served: ServedCloud;
  beforeAll(async () => {
    served = await serveCloud();
  });
  afterAll(() => served.stop());
  const chosen = (mode: Mode): Case[] => cases.filter((one) => mode === 'reattach' || full || one.mirror === true);
  const modes = [
    { title: 'providers that run already', mode: 'reattach', chosen: chosen('reattach') },
    { title: 'providers that terraform installs from the mirror', mode: 'mirror', chosen: chosen('mirror') },
  ] as const;
  describe.each(modes.filter((one) => one.chosen.length > 0))('$title', ({ mode, chosen: inMode }) => {
    test.each(inMode)(
      '$name',
      async (one: Case) => {
        expect.hasAssertions();
        served.empty();
        const unit = new Unit(served, mode);
        await one.run(unit);
        unit.remove();
      },
      120_000,
    );
  });
}

/** A terraform block that requires providers by their sources. */
export function requires(...sources: readonly string[]): string {
  const lines = sources.map(
    (source) =>
      `    ${source.split('/').at(-1) === 'better-uptime' ? 'betteruptime' : (source.split('/').at(-1) ?? '')} = { source = "${source}" }`,
  );
  return `terraform {\n  required_providers {\n${lines.join('\n')}\n  }\n}\n`;
}

/** The usual aws provider of a case. */
export const aws = `${requires('hashicorp/aws')}provider "aws" {\n  region = "eu-central-1"\n}\n`;
