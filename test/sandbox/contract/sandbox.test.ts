import { afterAll, beforeAll, describe } from '@jest/globals';
import { S3Client } from '@aws-sdk/client-s3';

import { dynamodbClient, s3Client, stsClient } from '../../../terrace/aws/clients';
import { testSandbox, type TestSandbox } from '../../_helpers/sandbox';
import { contract } from './contract';
import { account, type Endpoint } from './endpoint';
import { objectRules } from './s3-objects';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await testSandbox();
}, 600_000);
afterAll(() => sandbox.dispose());

const env = (): NodeJS.ProcessEnv => sandbox.env({ account });

/** As terraform and Terrace reach it: by host name, through the proxy. */
const byHost: Endpoint = {
  name: 'sandbox',
  s3: (region) => s3Client(region, env()),
  dynamodb: (region) => dynamodbClient(region, env()),
  sts: (region, keys) =>
    stsClient(
      region,
      keys === undefined
        ? env()
        : {
            ...env(),
            AWS_ACCESS_KEY_ID: keys.accessKeyId,
            AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
            AWS_SESSION_TOKEN: keys.sessionToken,
          },
    ),
};

/** In path style at the loopback address, without the proxy. */
const byPath: Endpoint = {
  ...byHost,
  s3: async (region) =>
    new S3Client({
      region,
      endpoint: env()['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
      forcePathStyle: true,
      credentials: { accessKeyId: `SANDBOX${account}`, secretAccessKey: env()['AWS_SECRET_ACCESS_KEY'] ?? '' },
    }),
};

describe('the sandbox', () => {
  contract(byHost);
});
describe('the sandbox in path style', () => {
  objectRules(byPath);
});
