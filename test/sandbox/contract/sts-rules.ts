import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect } from '@jest/globals';

import { account, type Endpoint, type Keys, refusal, rule } from './endpoint';

/** What holds for identities. */
export function stsRules(endpoint: Endpoint): void {
  const is = (name: string, body: () => Promise<void>, departs: { readonly moto?: string } = {}) =>
    rule(endpoint.name, name, body, departs);

  const assume = async (RoleArn: string): Promise<{ readonly arn: string | undefined; readonly keys: Keys }> => {
    const sts = await endpoint.sts('eu-central-1');
    const { Credentials, AssumedRoleUser } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }));
    sts.destroy();
    return {
      arn: AssumedRoleUser?.Arn,
      keys: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    };
  };

  is('knows the account of a key', async () => {
    const sts = await endpoint.sts('eu-central-1');
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe(account);
    sts.destroy();
  });

  is("gives a key of the role's account, which is then the caller", async () => {
    const { arn, keys } = await assume('arn:aws:iam::210987654321:role/deploy');
    expect(arn).toBe('arn:aws:sts::210987654321:assumed-role/deploy/session');
    const sts = await endpoint.sts('eu-central-1', keys);
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '210987654321', Arn: arn });
    sts.destroy();
  });

  is(
    'refuses a role that is none',
    async () => {
      expect(await refusal(assume('arn:aws:iam::12:role/short'))).toMatchObject({ status: 400 });
    },
    { moto: 'takes any text as a role' },
  );
}
