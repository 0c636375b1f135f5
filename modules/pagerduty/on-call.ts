import { EscalationPolicy } from '@cdktf/provider-pagerduty/lib/escalation-policy';
import { Service } from '@cdktf/provider-pagerduty/lib/service';
import { ServiceIntegration } from '@cdktf/provider-pagerduty/lib/service-integration';
import { Construct } from 'constructs';

export interface OnCallOptions {
  readonly name: string;
  readonly description: string;
  /** The schedule that is asked first, and whom it falls to. */
  readonly scheduleId: string;
  readonly fallbackUserId: string;
  /** Minutes until the next is asked. */
  readonly responseMinutes: number;
}

/** A service of PagerDuty whose incidents go to whoever is on call, then to one more person, twice. */
export class OnCall extends Construct {
  readonly service: Service;

  constructor(scope: Construct, id: string, { name, description, scheduleId, fallbackUserId, responseMinutes }: OnCallOptions) {
    super(scope, id);
    const policy = new EscalationPolicy(this, 'escalation', {
      name,
      description,
      numLoops: 2,
      rule: [
        { escalationDelayInMinutes: responseMinutes, target: [{ type: 'schedule_reference', id: scheduleId }] },
        { escalationDelayInMinutes: responseMinutes, target: [{ type: 'user_reference', id: fallbackUserId }] },
      ],
    });
    this.service = new Service(this, 'service', {
      name,
      description,
      escalationPolicy: policy.id,
      alertCreation: 'create_alerts_and_incidents',
      // An incident that nobody looks at stays open.
      autoResolveTimeout: 'null',
      acknowledgementTimeout: '1800',
      incidentUrgencyRule: { type: 'constant', urgency: 'high' },
    });
  }
}

/** A way into a service for one tool; its key is in the state of the unit that uses it. */
export class EventsIntegration extends Construct {
  readonly #integration: ServiceIntegration;

  constructor(scope: Construct, id: string, { serviceId, name }: { readonly serviceId: string; readonly name: string }) {
    super(scope, id);
    this.#integration = new ServiceIntegration(this, 'integration', {
      service: serviceId,
      name,
      type: 'events_api_v2_inbound_integration',
    });
  }

  get key(): string {
    return this.#integration.integrationKey;
  }
}
