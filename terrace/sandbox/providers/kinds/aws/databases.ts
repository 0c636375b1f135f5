import type { ResourceBehaviour, ResourceCall } from '../../engine/context';
import { isUnknown, textOf, type ObjectValue, type Value } from '../../protocol/value';
import { actualVersion, defaultVersion, familyOf } from './engine-versions';

const given = (planned: ObjectValue, name: string): string => textOf(planned[name]) ?? '';

/** Ports that engines listen at where none is given (RDS API reference, "CreateDBInstance"). */
const ports: readonly (readonly [RegExp, number])[] = [
  [/mysql|mariadb/, 3306],
  [/^(custom-)?oracle/, 1521],
  [/^(custom-)?sqlserver/, 1433],
  [/postgres/, 5432],
];

/** Licences by engine (RDS API reference, "CreateDBInstance"). */
const licences: readonly (readonly [RegExp, string])[] = [
  [/postgres/, 'postgresql-license'],
  [/mysql|mariadb/, 'general-public-license'],
  [/-se2$|sqlserver/, 'license-included'],
  [/oracle/, 'bring-your-own-license'],
];

/** Databases of RDS: version, port, licence and parameter group follow from the engine where nobody says them; those of an instance of a cluster from the cluster. */
export const databaseResources: Readonly<Record<string, ResourceBehaviour>> = {
  aws_db_instance: {
    create: (_, planned) => {
      const engine = given(planned, 'engine');
      const versions = versionsOf(engine, planned);
      const [major = '', minor = ''] = (versions.engine_version_actual ?? '').split('.');
      const isProvisioned = typeof planned['iops'] === 'number' && planned['iops'] > 0;
      return opened(planned, {
        ...versions,
        port: portOf(engine),
        license_model: licences.find(([pattern]) => pattern.test(engine))?.[1],
        parameter_group_name: groupOf(engine, versions.engine_version_actual),
        option_group_name:
          versions.engine_version_actual === undefined
            ? undefined
            : `default:${engine}-${/postgres/.test(engine) ? major : `${major}-${minor}`}`,
        storage_type: isProvisioned ? 'io1' : 'gp2',
        ca_cert_identifier: 'rds-ca-rsa2048-g1',
        network_type: 'IPV4',
        database_insights_mode: 'standard',
        backup_window: '03:00-04:00',
        maintenance_window: 'sun:04:00-sun:05:00',
      });
    },
  },
  aws_rds_cluster: {
    create: (_, planned) => {
      const engine = given(planned, 'engine');
      const versions = versionsOf(engine, planned);
      return opened(planned, {
        ...versions,
        port: portOf(engine),
        db_cluster_parameter_group_name: groupOf(engine, versions.engine_version_actual),
      });
    },
  },
  aws_rds_cluster_instance: {
    create: (call, planned) => {
      const cluster = clusterOf(call, given(planned, 'cluster_identifier'));
      const { engine_version: version, engine_version_actual: actual, port } = cluster;
      const engine = given(planned, 'engine');
      return opened(planned, {
        engine_version: version ?? defaultVersion(engine),
        engine_version_actual: actual ?? defaultVersion(engine),
        port: port ?? portOf(engine),
        kms_key_id: cluster['kms_key_id'] ?? '',
        db_parameter_group_name: groupOf(engine, textOf(actual) ?? defaultVersion(engine)),
      });
    },
  },
};

function versionsOf(engine: string, planned: ObjectValue): { readonly engine_version?: string; readonly engine_version_actual?: string } {
  const asked = given(planned, 'engine_version') || defaultVersion(engine);
  return asked === undefined ? {} : { engine_version: asked, engine_version_actual: actualVersion(engine, asked) };
}

function portOf(engine: string): number | undefined {
  return ports.find(([pattern]) => pattern.test(engine))?.[1];
}

function groupOf(engine: string, version: string | undefined): string | undefined {
  return version === undefined ? undefined : `default.${familyOf(engine, version)}`;
}

/** What a cluster says of itself; nothing where it is not there. */
function clusterOf({ provider: { cloud, name }, settings: { scope } }: ResourceCall, identifier: string): ObjectValue {
  const values = cloud.list(name, 'aws_rds_cluster', scope).find(({ record }) => record.values['cluster_identifier'] === identifier)
    ?.record.values;
  const { engine_version: version, engine_version_actual: actual, kms_key_id: key, port } = values ?? {};
  return {
    ...(typeof version === 'string' ? { engine_version: version } : {}),
    ...(typeof actual === 'string' ? { engine_version_actual: actual } : {}),
    ...(typeof key === 'string' ? { kms_key_id: key } : {}),
    ...(typeof port === 'number' ? { port } : {}),
  };
}

/** Fills attributes that are open; what is known stays, and so does what nobody knows. */
function opened(planned: ObjectValue, facts: Readonly<Record<string, Value | undefined>>): ObjectValue {
  const open = Object.entries(facts).flatMap(([name, value]): [string, Value][] =>
    value !== undefined && isUnknown(planned[name]) ? [[name, value]] : [],
  );
  return { ...planned, ...Object.fromEntries(open) };
}
