import type { Reply } from '../http/reply';

const clientErrors = 'com.amazonaws.dynamodb.v20120810#';
const coral = 'com.amazon.coral.service#';
const fromCoral = new Set([
  'ExpiredTokenException',
  'SerializationException',
  'UnknownOperationException',
  'UnrecognizedClientException',
  'MissingAuthenticationTokenException',
  'InvalidSignatureException',
]);
const validation = 'com.amazon.coral.validate#ValidationException';

/** A refusal with the name that DynamoDB answers. */
export class DynamodbError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'DynamodbError';
  }

  reply(): Reply {
    const type = this.code === 'ValidationException' ? validation : `${fromCoral.has(this.code) ? coral : clientErrors}${this.code}`;
    // Go's SDK reads `message`; older services wrote `Message`.
    return {
      status: 400,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify({ __type: type, message: this.message, ...this.details }),
    };
  }
}

/** A request that DynamoDB calls invalid. */
export function invalid(message: string): DynamodbError {
  return new DynamodbError('ValidationException', message);
}
