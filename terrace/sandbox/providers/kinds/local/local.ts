import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { messageOf } from '../../../../base/message';
import type { DataBehaviour, ProviderKind, ResourceBehaviour, ResourceCall } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import { localFunctions } from '../functions';
import { plainKind } from '../plain';
import { isList, textOf, type ObjectValue } from '../../protocol/value';
import { fileSettings, resolvePath } from './paths';
import { runProgram } from './run-program';

/** `local`: writes and reads real files, relative to terraform's folder; a file that is gone or changed is made anew. */
export const localKind: ProviderKind = plainKind(
  {},
  {
    stateOnly: true,
    functions: localFunctions,
    configure: (_, caller) => fileSettings(caller),
    resources: { local_file: file('0777'), local_sensitive_file: file('0700') },
    dataSources: { local_file: readData, local_sensitive_file: readData, local_command: command },
  },
);

function file(fallbackMode: string): ResourceBehaviour {
  return {
    create: (call, planned) => {
      const target = resolvePath(call, String(planned['filename']));
      const bytes = contentOf(call, planned);
      mkdirSync(path.dirname(target), {
        recursive: true,
        mode: Number.parseInt(textOf(planned['directory_permission']) ?? fallbackMode, 8),
      });
      writeFileSync(target, bytes);
      chmodSync(target, Number.parseInt(textOf(planned['file_permission']) ?? fallbackMode, 8));
      return { ...planned, ...digests(bytes), id: createHash('sha1').update(bytes).digest('hex') };
    },
    read: (call, state) => {
      const target = resolvePath(call, String(state['filename']));
      if (!existsSync(target)) return null;
      return createHash('sha1').update(readFileSync(target)).digest('hex') === state['id'] ? state : null;
    },
    remove: (call, state) => rmSync(resolvePath(call, String(state['filename'])), { force: true }),
  };
}

function contentOf(call: ResourceCall, planned: ObjectValue): Buffer {
  const plain = textOf(planned['content']) ?? textOf(planned['sensitive_content']);
  if (plain !== undefined) return Buffer.from(plain);
  const encoded = textOf(planned['content_base64']);
  if (encoded !== undefined) return Buffer.from(encoded, 'base64');
  const source = textOf(planned['source']);
  if (source === undefined)
    throw new Refusal('Invalid Attribute Combination', 'one of content, sensitive_content, content_base64, source is required', 'content');
  return readBytes(resolvePath(call, source));
}

function readData(call: ResourceCall, config: ObjectValue): ReturnType<DataBehaviour> {
  const bytes = readBytes(resolvePath(call, String(config['filename'])));
  return {
    ...config,
    content: bytes.toString('utf8'),
    content_base64: bytes.toString('base64'),
    ...digests(bytes),
    id: createHash('sha1').update(bytes).digest('hex'),
  };
}

async function command(call: ResourceCall, config: ObjectValue): Promise<ObjectValue> {
  const given = config['arguments'] ?? null;
  const { code, stdout, stderr } = await runProgram(call, {
    program: [String(config['command']), ...(isList(given) ? given.map(String) : [])],
    directory: textOf(config['working_directory']) ?? '.',
    input: textOf(config['stdin']) ?? '',
  });
  if (code !== 0 && config['allow_non_zero_exit_code'] !== true)
    throw new Refusal('Command execution failed', `${String(config['command'])} exited with ${code}: ${stderr}`);
  return { ...config, exit_code: code, stdout, stderr };
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Refusal('Read local file error', messageOf(error));
  }
}

function digests(bytes: Buffer): ObjectValue {
  const hash = (name: string, form: 'hex' | 'base64'): string => createHash(name).update(bytes).digest(form);
  return {
    content_md5: hash('md5', 'hex'),
    content_sha1: hash('sha1', 'hex'),
    content_sha256: hash('sha256', 'hex'),
    content_sha512: hash('sha512', 'hex'),
    content_base64sha256: hash('sha256', 'base64'),
    content_base64sha512: hash('sha512', 'base64'),
  };
}
