import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { selectPaths } from '../../model/select';
import type { Model } from '../../model/model';
import type { CommandContext } from '../command-context';
import { defaultPlatforms, lockProviders } from '../../synth/providers/lock-providers';
import { requiredProviders } from '../../synth/providers/required-providers';
import { replaceFile } from '../../base/replace-file';
import { findTerraform } from '../../terraform/binary';
import { listenForInterruption } from '../../terraform/interruption';
import { synthesize } from '../project';
import { renderTable } from '../table';
import { malformedValue } from '../usage-problems';

export interface ProvidersLockRequest {
  readonly systems: readonly string[];
  readonly fsMirror?: string;
  readonly platforms: readonly string[];
  readonly json: boolean;
}

interface Locked {
  readonly system: string;
  readonly file: string;
  readonly providers: readonly { readonly source: string; readonly version: string }[];
  readonly outcome: 'written' | 'unchanged';
}

/** `terrace providers lock` */
export async function runProvidersLock(context: CommandContext, request: ProvidersLockRequest): Promise<void> {
  const root = context.project();
  const platforms = request.platforms.length === 0 ? [...defaultPlatforms] : request.platforms;
  const wrong = platforms.filter((one) => !/^[a-z0-9]+_[a-z0-9]+$/.test(one));
  if (wrong.length > 0)
    throw malformedValue(
      '--platform',
      wrong.join(', '),
      '<os>_<architecture>, such as linux_amd64',
      'name the platforms on which terraform runs',
    );
  const binary = await findTerraform();
  const tree = mkdtempSync(path.join(tmpdir(), 'terrace-providers-'));
  const interruption = listenForInterruption();
  try {
    const { model } = await synthesize(root, { selectors: request.systems, out: tree });
    const selected = new Set(
      selectPaths(
        model.units.map((unit) => unit.path),
        request.systems,
      ).map((unit) => unit.split('/')[0] ?? ''),
    );
    const locked: Locked[] = [];
    for (const system of [...selected].sort()) {
      const file = path.join(root, 'stacks', system, '.terraform.lock.hcl');
      const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
      const providers = requiredProviders(unitsOf(model, system, tree));
      if (!request.json) process.stderr.write(`${system}: ${providers.size} providers for ${platforms.join(', ')}\n`);
      const text = await lockProviders({
        system,
        providers,
        platforms,
        binary,
        env: process.env,
        signal: interruption.signal,
        ...(before !== undefined && { before }),
        ...(request.fsMirror !== undefined && { fsMirror: request.fsMirror }),
      });
      if (text !== before) replaceFile(file, Buffer.from(text));
      locked.push({
        system,
        file: path.relative(root, file),
        providers: [...providers].map(([source, version]) => ({ source, version })),
        outcome: text === before ? 'unchanged' : 'written',
      });
    }
    process.stdout.write(request.json ? `${JSON.stringify({ version: 1, locked }, null, 2)}\n` : `${table(locked)}\n`);
  } finally {
    interruption.dispose();
    rmSync(tree, { recursive: true, force: true });
  }
}

function unitsOf(model: Model, system: string, tree: string): readonly { readonly path: string; readonly json: unknown }[] {
  return model.units
    .filter((unit) => unit.system === system)
    .flatMap((unit) => {
      const file = path.join(tree, unit.path, 'main.tf.json');
      return existsSync(file) ? [{ path: unit.path, json: JSON.parse(readFileSync(file, 'utf8')) as unknown }] : [];
    });
}

function table(locked: readonly Locked[]): string {
  return renderTable(
    ['system', 'providers', 'file', ''],
    locked.map((one) => [one.system, String(one.providers.length), one.file, one.outcome]),
    ['left', 'right', 'left', 'left'],
  );
}
