import { AccountToken } from '@cdktf/provider-cloudflare/lib/account-token';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';

/** Permission groups by their fixed ids (developers.cloudflare.com, "R2 API tokens" and "API token permissions"). */
const permissionGroups = {
  read: '6a018a9f2fc74eb6b293b0c548f38b39',
  write: '2efd5506f9c8494dacb1fa10a3e7d5b6',
} as const;

export interface BucketTokenOptions {
  readonly accountId: string;
  readonly name: string;
  readonly bucketName: string;
  /** Writing includes reading. */
  readonly access: 'read' | 'write';
}

/** A key for one bucket over R2's S3 interface. Its secret is in the state of its unit, hidden: hand it on in the same unit. */
export class BucketToken extends Construct {
  readonly #token: AccountToken;

  constructor(scope: Construct, id: string, { accountId, name, bucketName, access }: BucketTokenOptions) {
    super(scope, id);
    this.#token = new AccountToken(this, 'token', {
      accountId,
      name,
      policies: [
        {
          effect: 'allow',
          permissionGroups: [{ id: permissionGroups[access] }],
          resources: `{"com.cloudflare.edge.r2.bucket.${accountId}_default_${bucketName}":"*"}`,
        },
      ],
    });
  }

  get accessKeyId(): string {
    return this.#token.id;
  }

  /** R2 takes the SHA-256 of the token as the secret key. */
  get secretAccessKey(): string {
    return Fn.sha256(this.#token.value);
  }
}
