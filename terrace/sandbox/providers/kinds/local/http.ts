import { request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as secureRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

import { messageOf } from '../../../../base/message';
import { addedAnswer } from '../../engine/data';
import type { ProviderKind, ResourceCall } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import { plainKind } from '../plain';
import { isObject, textOf, type ObjectValue } from '../../protocol/value';

/** What an address of this machine may be called. */
const loopback = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const methods = ['GET', 'POST', 'HEAD'];

/**
 * `http`: an address of this machine is really asked; what another one answers is known only where somebody said so (`sandbox cloud add http`),
 * and refused otherwise.
 */
export const httpKind: ProviderKind = plainKind({}, { dataSources: { http: answer } });

async function answer(call: ResourceCall, config: ObjectValue): Promise<ObjectValue> {
  const url = textOf(config['url']) ?? '';
  const method = textOf(config['method']) ?? 'GET';
  if (!methods.includes(method))
    throw new Refusal(
      'Invalid Attribute Value Match',
      `Attribute method value must be one of: ${JSON.stringify(methods)}, got: "${method}"`,
      'method',
    );
  const said = addedAnswer(call, config);
  if (said !== undefined) return answered(config, Number(said['status_code'] ?? 200), headersIn(said['response_headers']), bodyOf(said));
  const { response, body } = await tried(config, () => followed(url, method, config));
  const headers = Object.fromEntries(
    Object.entries(response.headersDistinct).map(([name, values]) => [canonical(name), (values ?? []).join(', ')]),
  );
  return answered(config, response.statusCode ?? 0, headers, body);
}

interface Answered {
  readonly response: IncomingMessage;
  readonly body: Buffer;
}

/** As often as the block `retry` says, after an error or a status of 5xx other than 501. */
async function tried(config: ObjectValue, once: () => Promise<Answered>): Promise<Answered> {
  const retry = isObject(config['retry']) ? config['retry'] : {};
  const attempts = Number(retry['attempts'] ?? 0);
  const least = Number(retry['min_delay_ms'] ?? 1000);
  const most = Number(retry['max_delay_ms'] ?? 30_000);
  for (let attempt = 0; ; attempt++) {
    const last = attempt >= attempts;
    try {
      const found = await once();
      const code = found.response.statusCode ?? 0;
      if (last || code < 500 || code === 501) return found;
    } catch (error) {
      if (error instanceof Refusal) throw error;
      if (last) throw new Refusal('Error making request', messageOf(error));
    }
    await sleep(Math.min(least * 2 ** attempt, most));
  }
}

/** What an address answers in the end; redirects are followed as Go does, ten times at most. */
async function followed(url: string, method: string, config: ObjectValue, hops = 0): Promise<Answered> {
  const { protocol, hostname } = parsed(url);
  if (!loopback.test(hostname))
    throw new Refusal(
      'Error making request',
      `the sandbox reaches nothing but this machine, and does not invent what ${url} answers; say it with \`terrace sandbox cloud add http url=${url} response_body=…\`, or give it by a variable`,
      'url',
    );
  const found = await send(protocol, url, method, config);
  const { statusCode: code = 0, headers } = found.response;
  if (![301, 302, 303, 307, 308].includes(code) || headers.location === undefined) return found;
  if (hops >= 10) throw new Refusal('Error making request', 'stopped after 10 redirects');
  const kept = code >= 307 || method === 'HEAD';
  return followed(new URL(headers.location, url).href, kept ? method : 'GET', kept ? config : { ...config, request_body: null }, hops + 1);
}

function send(protocol: string, url: string, method: string, config: ObjectValue): Promise<Answered> {
  const pem = (name: string): string | undefined => textOf(config[name]);
  const options: RequestOptions & Record<'ca' | 'cert' | 'key', string | undefined> & { rejectUnauthorized: boolean } = {
    method,
    headers: headersIn(config['request_headers']),
    ...(typeof config['request_timeout_ms'] === 'number' ? { timeout: config['request_timeout_ms'] } : {}),
    ca: pem('ca_cert_pem'),
    cert: pem('client_cert_pem'),
    key: pem('client_key_pem'),
    rejectUnauthorized: config['insecure'] !== true,
  };
  return new Promise((resolve, reject) => {
    const sent = (protocol === 'https:' ? secureRequest : plainRequest)(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => resolve({ response, body: Buffer.concat(chunks) }));
      response.once('error', reject);
    });
    sent.once('error', reject);
    sent.once('timeout', () => sent.destroy(new Error(`request exceeded the specified timeout: ${String(options.timeout)}ms`)));
    sent.end(textOf(config['request_body']) ?? '');
  });
}

function answered(config: ObjectValue, status: number, headers: Readonly<Record<string, string>>, body: Buffer): ObjectValue {
  const text = body.toString('utf8');
  return {
    ...config,
    id: config['url'] ?? null,
    status_code: status,
    response_headers: headers,
    response_body: text,
    body: text,
    response_body_base64: body.toString('base64'),
  };
}

function bodyOf(said: ObjectValue): Buffer {
  const encoded = textOf(said['response_body_base64']);
  const plain = textOf(said['response_body']) ?? textOf(said['body']);
  return plain === undefined && encoded !== undefined ? Buffer.from(encoded, 'base64') : Buffer.from(plain ?? '');
}

function headersIn(value: ObjectValue[string] | undefined): Readonly<Record<string, string>> {
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, String(one)])) : {};
}

function parsed(url: string): { readonly protocol: string; readonly hostname: string } {
  try {
    const { protocol, hostname } = new URL(url);
    if (protocol === 'http:' || protocol === 'https:') return { protocol, hostname };
  } catch {
    // Said below.
  }
  throw new Refusal('Error making request', `${JSON.stringify(url)}: unsupported protocol scheme`, 'url');
}

/** A header's name as Go spells it: `Content-Type`. */
function canonical(name: string): string {
  return name.replaceAll(/(^|-)([a-z])/g, (_, before: string, letter: string) => `${before}${letter.toUpperCase()}`);
}
