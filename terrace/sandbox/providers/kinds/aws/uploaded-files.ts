import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { ResourceBehaviour, ResourceCall } from '../../engine/context';
import { isUnknown, textOf, type ObjectValue, type Value } from '../../protocol/value';

/**
 * What AWS computes from a file that is uploaded: the digest and size of a function's or a layer's code (`CodeSha256`, `CodeSize`), the MD5 of
 * an object that is encrypted with S3's own keys. Only what nobody said is filled in, and only where the file can be read.
 */
export const uploadResources: Readonly<Record<string, ResourceBehaviour>> = {
  aws_lambda_function: uploading(codeOf),
  aws_lambda_layer_version: uploading(codeOf),
  aws_s3_object: uploading(objectOf),
};

type Computed = (call: ResourceCall, planned: ObjectValue) => ObjectValue;

function uploading(computed: Computed): ResourceBehaviour {
  const filled = (call: ResourceCall, planned: ObjectValue): ObjectValue => ({
    ...planned,
    ...Object.fromEntries(Object.entries(computed(call, planned)).filter(([name]) => isUnknown(planned[name]))),
  });
  return { create: filled, update: filled };
}

function codeOf(call: ResourceCall, planned: ObjectValue): ObjectValue {
  const bytes = read(call, planned['filename']);
  if (bytes === undefined) return {};
  const digest = createHash('sha256').update(bytes).digest('base64');
  return { source_code_hash: digest, code_sha256: digest, source_code_size: bytes.length };
}

function objectOf(call: ResourceCall, planned: ObjectValue): ObjectValue {
  const [content, encoded] = [textOf(planned['content']), textOf(planned['content_base64'])];
  const bytes =
    content !== undefined ? Buffer.from(content) : encoded !== undefined ? Buffer.from(encoded, 'base64') : read(call, planned['source']);
  const isOwnKey = textOf(planned['kms_key_id']) === undefined && textOf(planned['server_side_encryption']) !== 'aws:kms';
  return bytes === undefined || !isOwnKey ? {} : { etag: createHash('md5').update(bytes).digest('hex') };
}

/** A file as terraform's process means its path; undefined where it cannot be read from here. */
function read(call: ResourceCall, file: Value | undefined): Buffer | undefined {
  const name = textOf(file);
  const { directory } = call.settings.caller ?? {};
  if (name === undefined || (directory === undefined && !path.isAbsolute(name))) return undefined;
  try {
    return readFileSync(path.resolve(directory ?? '/', name));
  } catch {
    return undefined;
  }
}
