import { describe } from '@jest/globals';

import { dynamodbRules } from './dynamodb-rules';
import type { Endpoint } from './endpoint';
import { bucketRules } from './s3-buckets';
import { objectRules } from './s3-objects';
import { uploadRules } from './s3-uploads';
import { versionRules } from './s3-versions';
import { stsRules } from './sts-rules';

/** The whole contract, against one endpoint. */
export function contract(endpoint: Endpoint): void {
  describe('S3 buckets', () => {
    bucketRules(endpoint);
  });
  describe('S3 objects', () => {
    objectRules(endpoint);
  });
  describe('S3 versions', () => {
    versionRules(endpoint);
  });
  describe('S3 uploads', () => {
    uploadRules(endpoint);
  });
  describe('DynamoDB', () => {
    dynamodbRules(endpoint);
  });
  describe('STS', () => {
    stsRules(endpoint);
  });
}
