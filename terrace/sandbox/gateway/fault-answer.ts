import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { DynamodbError } from '../dynamodb/dynamodb-error';
import type { Reply } from '../http/reply';
import { S3Error } from '../s3/s3-error';
import { stsRefusal } from '../sts/sts-service';
import type { FaultyService, ServiceFault } from './service-faults';

/** What becomes of a request that a fault strikes. */
export interface Struck {
  /** Answered instead of doing the work; undefined where the work is done. */
  readonly instead?: Reply;
  /** What the client gets of the answer. @default the whole of it */
  readonly cut?: 'all' | 'half';
}

/** Lets a fault strike; waits for a delay. */
export async function strike(fault: ServiceFault): Promise<Struck> {
  switch (fault.kind) {
    case 'delay':
      await sleep(fault.milliseconds);
      return {};
    case 'status':
      return { instead: { status: fault.status, headers: {} } };
    case 'empty':
      return { instead: { status: 200, headers: {} } };
    case 'foreign':
      return {
        instead: { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Sign in to the network</title>' },
      };
    case 'throttle':
      return { instead: throttled(fault.service) };
    case 'clock':
      return { instead: skewed(fault.service) };
    case 'expired':
      return { instead: expired(fault.service) };
    case 'reset-before':
      return { instead: { status: 0, headers: {} }, cut: 'all' };
    case 'reset-after':
      return { cut: 'all' };
    case 'truncated':
      return { cut: 'half' };
  }
}

/** Ends a connection before its answer, or in the middle of it. */
export function cutOff(response: ServerResponse, reply: Reply, cut: 'all' | 'half'): void {
  const { socket } = response;
  if (cut === 'all') return void socket?.resetAndDestroy();
  const body = Buffer.from(reply.body ?? '');
  response.writeHead(reply.status, { ...reply.headers, 'content-length': String(Math.max(body.length, 2)) });
  response.write(body.length > 1 ? body.subarray(0, Math.ceil(body.length / 2)) : ' ', () => socket?.destroy());
}

function throttled(service: FaultyService): Reply {
  if (service === 's3') return new S3Error('SlowDown', 'Please reduce your request rate.').reply('0000000000000000', '/', true);
  if (service === 'sts') return stsRefusal(400, 'Throttling', 'Rate exceeded');
  return new DynamodbError('ThrottlingException', 'Rate of requests exceeds the allowed throughput.').reply();
}

function skewed(service: FaultyService): Reply {
  const text = 'Signature expired: 20200101T000000Z is now earlier than 20200101T001500Z (20200101T003000Z - 15 min.)';
  if (service === 's3')
    return new S3Error('RequestTimeTooSkewed', 'The difference between the request time and the current time is too large.').reply(
      '0000000000000000',
      '/',
      true,
    );
  if (service === 'sts') return stsRefusal(403, 'SignatureDoesNotMatch', text);
  return new DynamodbError('InvalidSignatureException', text).reply();
}

/** Credentials of a session that is over; each service has its own word for it. */
function expired(service: FaultyService): Reply {
  if (service === 's3') return new S3Error('ExpiredToken', 'The provided token has expired.').reply('0000000000000000', '/', true);
  if (service === 'sts') return stsRefusal(403, 'ExpiredToken', 'The security token included in the request is expired');
  return new DynamodbError('ExpiredTokenException', 'The security token included in the request is expired').reply();
}
