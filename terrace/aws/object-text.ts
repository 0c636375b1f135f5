import type { GetObjectCommandInput, S3Client } from '@aws-sdk/client-s3';

/** How often an object is asked for whose body broke off; the SDK repeats only what fails before the body. */
const attempts = 3;

/** An object of S3, read whole. */
export interface ObjectText {
  readonly text: string;
  readonly etag?: string;
}

/** Reads an object as UTF-8. An answer whose body breaks off, or does not fit its checksum, is asked for again. Raises the SDK's errors. */
export async function objectText(client: S3Client, input: GetObjectCommandInput): Promise<ObjectText> {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  for (let attempt = 1; ; attempt += 1) {
    const { Body, ETag } = await client.send(new GetObjectCommand(input));
    try {
      const text = (await Body?.transformToString('utf8')) ?? '';
      return { text, ...(ETag !== undefined && { etag: ETag }) };
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}
