import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

import { messageOf } from '../../../../base/message';
import type { ProviderKind, ResourceCall } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import { plainKind } from '../plain';
import { isList, isObject, textOf, type ObjectValue } from '../../protocol/value';
import { fileSettings, resolvePath } from './paths';
import { tarFile } from './tar-file';
import { zipFile, type ArchiveEntry } from '../../../../base/zip-file';

/** `archive`: writes real zip and tar.gz files, the same bytes for the same content. */
export const archiveKind: ProviderKind = plainKind(
  {},
  {
    stateOnly: true,
    configure: (_, caller) => fileSettings(caller),
    resources: { archive_file: { create: make, update: (call, planned) => make(call, planned) } },
    dataSources: { archive_file: make },
  },
);

function make(call: ResourceCall, config: ObjectValue): ObjectValue {
  const target = resolvePath(call, String(config['output_path']));
  const entries = entriesOf(call, config);
  const type = textOf(config['type']);
  if (type !== 'zip' && type !== 'tar.gz') throw new Refusal('Archive creation error', `error creating archive type ${type ?? ''}`, 'type');
  const bytes = type === 'zip' ? zipFile(entries) : gzipSync(tarFile(entries));
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, bytes);
  const hash = (name: string, form: 'hex' | 'base64'): string => createHash(name).update(bytes).digest(form);
  return {
    ...config,
    id: hash('sha1', 'hex'),
    output_size: bytes.length,
    output_md5: hash('md5', 'hex'),
    output_sha: hash('sha1', 'hex'),
    output_sha256: hash('sha256', 'hex'),
    output_sha512: hash('sha512', 'hex'),
    output_base64sha256: hash('sha256', 'base64'),
    output_base64sha512: hash('sha512', 'base64'),
  };
}

function entriesOf(call: ResourceCall, config: ObjectValue): ArchiveEntry[] {
  const mode = Number.parseInt(textOf(config['output_file_mode']) ?? '0644', 8);
  const blocks = isList(config['source'] ?? null)
    ? (config['source'] as readonly unknown[]).filter((one): one is ObjectValue => isObject(one as ObjectValue))
    : [];
  if (blocks.length > 0)
    return sorted(blocks.map((block) => ({ name: String(block['filename']), bytes: Buffer.from(String(block['content'])), mode })));
  const content = textOf(config['source_content']);
  if (content !== undefined) return [{ name: textOf(config['source_content_filename']) ?? '', bytes: Buffer.from(content), mode }];
  const file = textOf(config['source_file']);
  if (file !== undefined) {
    const source = resolvePath(call, file);
    return [{ name: path.basename(source), bytes: readBytes(source), mode }];
  }
  const folder = textOf(config['source_dir']);
  if (folder === undefined)
    throw new Refusal(
      'Missing Attribute Configuration',
      'one of source, source_content, source_file, source_dir must be set',
      'source_dir',
    );
  const excludes = (isList(config['excludes'] ?? null) ? (config['excludes'] as readonly unknown[]) : []).map(String);
  const root = resolvePath(call, folder);
  return sorted(
    filesOf(root, '')
      .filter((name) => !excludes.some((pattern) => path.matchesGlob?.(name, pattern) ?? name === pattern))
      .map((name) => ({ name, bytes: readBytes(path.join(root, name)), mode })),
  );
}

function filesOf(root: string, below: string): string[] {
  try {
    return readdirSync(path.join(root, below)).flatMap((name) => {
      const relative = below === '' ? name : `${below}/${name}`;
      return statSync(path.join(root, relative)).isDirectory() ? filesOf(root, relative) : [relative];
    });
  } catch (error) {
    throw new Refusal('Archive creation error', messageOf(error));
  }
}

function sorted(entries: readonly ArchiveEntry[]): ArchiveEntry[] {
  return [...entries].sort((left, right) => (left.name < right.name ? -1 : 1));
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Refusal('Archive creation error', messageOf(error));
  }
}
