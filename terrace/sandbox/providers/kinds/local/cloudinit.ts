import { crc32, gzipSync } from 'node:zlib';

import type { ProviderKind, ResourceCall } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import { plainKind } from '../plain';
import { isList, isObject, textOf, type ObjectValue } from '../../protocol/value';

/**
 * `cloudinit`: the MIME archive of the parts, byte for byte that of the provider (github.com/hashicorp/terraform-provider-cloudinit,
 * internal/provider/cloudinit_config.go at v2.3.7); what is compressed holds the same, though zlib may choose other codes than Go does.
 */
export const cloudinitKind: ProviderKind = plainKind(
  {},
  {
    stateOnly: true,
    resources: { cloudinit_config: { create: render } },
    dataSources: { cloudinit_config: render },
  },
);

function render(_: ResourceCall, config: ObjectValue): ObjectValue {
  const gzip = config['gzip'] !== false;
  const base64 = config['base64_encode'] !== false;
  if (gzip && !base64)
    throw new Refusal('Invalid Attribute Configuration', 'Expected base64_encode to be set to true when gzip is true.', 'base64_encode');
  const boundary = textOf(config['boundary']) ?? 'MIMEBOUNDARY';
  checkBoundary(boundary);
  const part = isList(config['part'] ?? null) ? (config['part'] as readonly unknown[]).filter(isPart) : [];
  if (part.length === 0)
    throw new Refusal('Invalid Block', 'Block part must have a configuration value as the provider has marked it as required', 'part');
  const parts = part.map((one) => ({ ...one, content_type: nonEmpty(one, 'content_type') ?? 'text/plain' }));
  const archive = Buffer.from(multipart(boundary, parts));
  const bytes = gzip ? compressed(archive) : archive;
  const rendered = bytes.toString(base64 ? 'base64' : 'utf8');
  return { ...config, gzip, base64_encode: base64, boundary, part: parts, rendered, id: String(crc32(Buffer.from(rendered))) };
}

function multipart(boundary: string, parts: readonly ObjectValue[]): string {
  const head = `Content-Type: multipart/mixed; boundary="${boundary}"\nMIME-Version: 1.0\r\n\r\n`;
  const bodies = parts.map((part, index) => {
    const file = nonEmpty(part, 'filename');
    const merge = nonEmpty(part, 'merge_type');
    // Go writes the headers of a part in the order of their names.
    const headers = [
      ...(file === undefined ? [] : [`Content-Disposition: attachment; filename="${file}"`]),
      'Content-Transfer-Encoding: 7bit',
      `Content-Type: ${String(part['content_type'])}`,
      'Mime-Version: 1.0',
      ...(merge === undefined ? [] : [`X-Merge-Type: ${merge}`]),
    ];
    return `${index === 0 ? '' : '\r\n'}--${boundary}\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n${textOf(part['content']) ?? ''}`;
  });
  return `${head}${bodies.join('')}\r\n--${boundary}--\r\n`;
}

/** With the header that Go writes: no time, no flags, an unknown operating system. */
function compressed(bytes: Buffer): Buffer {
  const packed = gzipSync(bytes);
  packed.set([0, 255], 8);
  return packed;
}

/** What RFC 2046 allows as a boundary. */
function checkBoundary(boundary: string): void {
  const wrong = (found: string): Refusal => new Refusal('Unable to render cloudinit config to MIME multi-part file', found, 'boundary');
  if (boundary.length < 1 || boundary.length > 70) throw wrong('mime: invalid boundary length');
  if (!/^[A-Za-z0-9'()+_,\-./:=? ]*[A-Za-z0-9'()+_,\-./:=?]$/.test(boundary)) throw wrong('mime: invalid boundary character');
}

function isPart(value: unknown): value is ObjectValue {
  return isObject(value as ObjectValue);
}

function nonEmpty(part: ObjectValue, name: string): string | undefined {
  const text = textOf(part[name]);
  return text === '' ? undefined : text;
}
