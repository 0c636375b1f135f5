import { NotificationPolicy, type NotificationPolicyMechanisms } from '@cdktf/provider-cloudflare/lib/notification-policy';
import { Construct } from 'constructs';

/** What Cloudflare itself tells about, and how urgent it is: its own names of alerts. */
export interface Notification {
  readonly id: string;
  readonly alertType: string;
  readonly description: string;
  readonly mechanisms: NotificationPolicyMechanisms;
}

export interface NotificationsOptions {
  readonly accountId: string;
  /** Before each name. */
  readonly prefix: string;
  readonly notifications: readonly Notification[];
}

/** Messages of the Cloudflare account. */
export class Notifications extends Construct {
  constructor(scope: Construct, id: string, { accountId, prefix, notifications }: NotificationsOptions) {
    super(scope, id);
    for (const one of notifications)
      new NotificationPolicy(this, one.id, {
        accountId,
        name: `${prefix}-${one.id}`,
        description: one.description,
        alertType: one.alertType,
        enabled: true,
        mechanisms: one.mechanisms,
      });
  }
}
