import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { Construct } from 'constructs';

import { policyDocument } from './policy';

export interface AdminRoleProps {
  /** Unique in the account. */
  readonly name: string;
  readonly account: string;
  /** ARNs of the policies that say what it may do. */
  readonly policyArns: readonly string[];
  /** Seconds since the second factor was shown, after which the role is not handed out any more. */
  readonly factorSeconds: number;
}

/**
 * A role for people: users of the account whose own policies allow it assume the role, and only with a second factor that they showed
 * in this session, shortly before. A session lasts an hour.
 */
export class AdminRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: AdminRoleProps) {
    super(scope, id);
    const role = new IamRole(this, 'role', {
      name: props.name,
      description: 'For people; requires MFA',
      maxSessionDuration: 3600,
      assumeRolePolicy: policyDocument([
        {
          sid: 'PeopleWithSecondFactor',
          actions: ['sts:AssumeRole'],
          principals: { aws: [`arn:aws:iam::${props.account}:root`] },
          conditions: {
            Bool: { 'aws:MultiFactorAuthPresent': 'true' },
            NumericLessThan: { 'aws:MultiFactorAuthAge': String(props.factorSeconds) },
          },
        },
      ]),
    });
    props.policyArns.forEach(
      (policyArn, index) => new IamRolePolicyAttachment(this, `policy-${index + 1}`, { role: role.name, policyArn }),
    );
    this.arn = role.arn;
  }
}
