import type { ResourceBehaviour } from '../../engine/context';
import { bucketResources } from './buckets';
import { certificateResources } from './certificates';
import { tableResources } from './tables';

/** aws types that need more than schema and overlay. */
export const awsResources: Readonly<Record<string, ResourceBehaviour>> = {
  ...bucketResources,
  ...certificateResources,
  ...tableResources,
  aws_ecs_task_definition: {
    create: (call, planned) => {
      const family = String(planned['family'] ?? '');
      const earlier = call.provider.events
        .all()
        .filter(
          ({ operation, type, id, scope }) =>
            operation === 'create' && type === call.type && id === family && scope === call.settings.scope,
        );
      const revision = earlier.length + 1;
      const { partition = '', region = '', account = '' } = call.settings.values;
      return { ...planned, revision, arn: `arn:${partition}:ecs:${region}:${account}:task-definition/${family}:${revision}` };
    },
  },
};
