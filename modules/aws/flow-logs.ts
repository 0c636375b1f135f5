import { FlowLog } from '@cdktf/provider-aws/lib/flow-log';
import { Construct } from 'constructs';

import { defined } from './defined';
import { LogGroup } from './log-group';
import { ServiceRole } from './service-role';

export interface FlowLogsProps {
  readonly vpcId: string;
  readonly account: string;
  readonly logGroupName: string;
  readonly roleName: string;
  readonly retentionDays: number;
  readonly kmsKeyArn: string;
  readonly permissionsBoundary?: string;
}

/** Accepted and rejected connections of a VPC, in a log group, at ten-minute intervals (AWS's default; one minute costs more lines). */
export class FlowLogs extends Construct {
  constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    const logs = new LogGroup(this, 'logs', { name: props.logGroupName, retentionDays: props.retentionDays, kmsKeyArn: props.kmsKeyArn });
    const role = new ServiceRole(this, 'role', {
      name: props.roleName,
      account: props.account,
      services: ['vpc-flow-logs.amazonaws.com'],
      statements: [
        {
          sid: 'WriteFlowLogs',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
          resources: [logs.arn, `${logs.arn}:*`],
        },
      ],
      ...defined({ permissionsBoundary: props.permissionsBoundary }),
    });
    new FlowLog(this, 'flow', {
      vpcId: props.vpcId,
      trafficType: 'ALL',
      logDestinationType: 'cloud-watch-logs',
      logDestination: logs.arn,
      iamRoleArn: role.arn,
    });
  }
}
