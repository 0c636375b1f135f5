import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';

import { defined } from './defined';
import { policyDocument, serviceTrust, type Statement } from './policy';

export interface ServiceRoleProps {
  /** Unique in the account, at most 64 characters. */
  readonly name: string;
  /** Account that the assuming service must act for (confused deputy). Leave out for services that do not say it: S3, Lambda, Chatbot. */
  readonly account?: string;
  readonly services: readonly string[];
  readonly statements: readonly Statement[];
  /** ARN of the policy that bounds what the role can ever do. @default none */
  readonly permissionsBoundary?: string;
}

/** A role that one AWS service assumes, with one inline policy. No managed policies: what it may do stands in the unit that needs it. */
export class ServiceRole extends Construct {
  readonly role: IamRole;
  /** To order a resource after the permissions, not only after the role. */
  readonly policy: IamRolePolicy | undefined;

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    this.role = new IamRole(this, 'role', {
      name: props.name,
      assumeRolePolicy: serviceTrust(props.services, props.account),
      ...defined({ permissionsBoundary: props.permissionsBoundary }),
    });
    this.policy =
      props.statements.length === 0
        ? undefined
        : new IamRolePolicy(this, 'policy', { name: 'permissions', role: this.role.name, policy: policyDocument(props.statements) });
  }

  get arn(): string {
    return this.role.arn;
  }
}
