import { DynamodbError } from '../dynamodb/dynamodb-error';
import type { Reply } from '../http/reply';
import { S3Error } from '../s3/s3-error';
import { stsRefusal } from '../sts/sts-service';
import type { Target } from './target';

/** Most bytes of a request that is not one to S3 with a sandbox's key: DynamoDB takes 16 MiB in a batch. */
export const largestOfOthers = 16 * 1024 * 1024;

/** What a request is for, as its refusal is worded. */
type Service = 's3' | 'dynamodb' | 'sts' | 'control';

/** The refusal of a request that another secret than the sandbox's signed, in the words of its service. */
export function wrongSignature(service: Service, { pathname }: Pick<Target, 'pathname'>): Reply {
  const text = "The signature does not match: AWS_SECRET_ACCESS_KEY is not this Terrace sandbox's. Evaluate sandbox env again.";
  if (service === 'dynamodb') return new DynamodbError('InvalidSignatureException', text).reply();
  if (service === 'sts') return stsRefusal(403, 'SignatureDoesNotMatch', text);
  return new S3Error('SignatureDoesNotMatch', text).reply('0000000000000000', pathname, true);
}

/** The refusal of a body that is larger than the sandbox takes. */
export function tooLarge(service: Service, most: number): Reply {
  const text = `The Terrace sandbox takes ${most / (1024 * 1024)} MiB in one request`;
  if (service === 'dynamodb') return new DynamodbError('ValidationException', text).reply();
  return {
    status: 400,
    headers: { 'content-type': 'application/xml' },
    body: `<Error><Code>EntityTooLarge</Code><Message>${text}</Message></Error>`,
  };
}
