import { document, element } from '../../../http/xml';
import { StoreError, type Buckets, type BucketSetting } from '../../../storage/stores';
import type { ResourceBehaviour, ResourceCall } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import { isList, isObject, isUnknown, type ObjectValue } from '../../protocol/value';
import { bucketDocument, tagsOf } from './bucket-document';

/** Which setting of the store a sub-resource is, and what its document holds. */
interface Subresource {
  readonly setting: BucketSetting;
  readonly root?: string;
  readonly content: (state: ObjectValue) => ObjectValue;
  /** The document that stays when the sub-resource is removed. */
  readonly removed?: string;
}

const only =
  (...names: readonly string[]) =>
  (state: ObjectValue): ObjectValue =>
    Object.fromEntries(names.map((name) => [name, state[name] ?? null]));
const inner =
  (name: string) =>
  (state: ObjectValue): ObjectValue =>
    first(state[name]);

const subresources: Readonly<Record<string, Subresource>> = {
  aws_s3_bucket_versioning: {
    setting: 'versioning',
    root: 'VersioningConfiguration',
    content: inner('versioning_configuration'),
    removed: bucketDocument('VersioningConfiguration', { status: 'Suspended' }),
  },
  aws_s3_bucket_server_side_encryption_configuration: {
    setting: 'encryption',
    root: 'ServerSideEncryptionConfiguration',
    content: only('rule'),
  },
  aws_s3_bucket_policy: { setting: 'policy', content: only('policy') },
  aws_s3_bucket_public_access_block: {
    setting: 'publicAccessBlock',
    root: 'PublicAccessBlockConfiguration',
    content: only('block_public_acls', 'ignore_public_acls', 'block_public_policy', 'restrict_public_buckets'),
  },
  aws_s3_bucket_lifecycle_configuration: { setting: 'lifecycle', root: 'LifecycleConfiguration', content: only('rule') },
  aws_s3_bucket_logging: {
    setting: 'logging',
    root: 'BucketLoggingStatus',
    content: (state) => ({ logging_enabled: only('target_bucket', 'target_prefix')(state) }),
  },
  aws_s3_bucket_ownership_controls: { setting: 'ownershipControls', root: 'OwnershipControls', content: only('rule') },
  aws_s3_bucket_object_lock_configuration: {
    setting: 'objectLock',
    root: 'ObjectLockConfiguration',
    content: (state) => ({ object_lock_enabled: 'Enabled', ...only('rule')(state) }),
  },
  aws_s3_bucket_replication_configuration: { setting: 'replication', root: 'ReplicationConfiguration', content: only('role', 'rule') },
  aws_s3_bucket_cors_configuration: { setting: 'cors', root: 'CORSConfiguration', content: only('cors_rule') },
  aws_s3_bucket_accelerate_configuration: { setting: 'accelerate', root: 'AccelerateConfiguration', content: only('status') },
  aws_s3_bucket_request_payment_configuration: { setting: 'requestPayment', root: 'RequestPaymentConfiguration', content: only('payer') },
  aws_s3_bucket_website_configuration: {
    setting: 'website',
    root: 'WebsiteConfiguration',
    content: only('index_document', 'error_document', 'redirect_all_requests_to'),
  },
};

/** Buckets and their settings: what terraform makes here is what the sandbox's S3 serves. */
export const bucketResources: Readonly<Record<string, ResourceBehaviour>> = {
  aws_s3_bucket: {
    create: (call, planned) => {
      const name = String(planned['bucket'] ?? '');
      const { region = '', account = '' } = call.settings.values;
      attempt(call, `creating S3 Bucket (${name})`, (buckets) => buckets.create({ name, region, account }));
      if (planned['object_lock_enabled'] === true) {
        attempt(call, `creating S3 Bucket (${name})`, (buckets) => {
          buckets.set(name, 'objectLock', bucketDocument('ObjectLockConfiguration', { object_lock_enabled: 'Enabled' }));
          buckets.set(name, 'versioning', bucketDocument('VersioningConfiguration', { status: 'Enabled' }));
        });
      }
      writeTags(call, name, planned);
      return planned;
    },
    update: (call, planned) => {
      writeTags(call, String(planned['bucket'] ?? ''), planned);
      return planned;
    },
    remove: (call, state) => {
      const name = String(state['bucket'] ?? state['id'] ?? '');
      if (call.provider.stores?.buckets.has(name) === false) return;
      attempt(call, `deleting S3 Bucket (${name})`, (buckets) => buckets.delete(name, { force: state['force_destroy'] === true }));
    },
    read: (call, state) => (call.provider.stores?.buckets.has(String(state['bucket'] ?? '')) === false ? null : state),
    importState: (call, id) => {
      if (call.provider.stores?.buckets.has(id) !== true) return null;
      const { region = '' } = call.settings.values;
      return {
        id,
        bucket: id,
        arn: `arn:aws:s3:::${id}`,
        region,
        bucket_region: region,
        bucket_domain_name: `${id}.s3.amazonaws.com`,
        bucket_regional_domain_name: `${id}.s3.${region}.amazonaws.com`,
        force_destroy: false,
        object_lock_enabled: false,
        tags_all: {},
      };
    },
  },
  ...Object.fromEntries(Object.entries(subresources).map(([type, subresource]) => [type, settingBehaviour(subresource)])),
};

function settingBehaviour(subresource: Subresource): ResourceBehaviour {
  const write = (call: ResourceCall, state: ObjectValue): ObjectValue => {
    const name = String(state['bucket'] ?? '');
    if (isDirectory(call, name)) return state;
    const content = subresource.content(state);
    const body = subresource.root === undefined ? String(Object.values(content)[0] ?? '') : bucketDocument(subresource.root, content);
    attempt(call, `creating ${call.type} (${name})`, (buckets) => buckets.set(name, subresource.setting, body));
    return state;
  };
  return {
    create: write,
    update: write,
    remove: (call, state) => {
      const name = String(state['bucket'] ?? '');
      if (call.provider.stores?.buckets.has(name) === true)
        attempt(call, `deleting ${call.type} (${name})`, (buckets) => buckets.set(name, subresource.setting, subresource.removed));
    },
    read: (call, state) => {
      const name = String(state['bucket'] ?? '');
      return call.provider.stores?.buckets.has(name) === false && !isDirectory(call, name) ? null : state;
    },
  };
}

/** Whether a name is that of a directory bucket: those are not the store's, and keep their settings in the simulated cloud alone. */
function isDirectory({ provider: { cloud, name: provider }, settings: { scope } }: ResourceCall, name: string): boolean {
  return (
    name.endsWith('--x-s3') &&
    cloud.list(provider, 'aws_s3_directory_bucket', scope).some(({ record: { values } }) => values['bucket'] === name)
  );
}

function writeTags(call: ResourceCall, name: string, state: ObjectValue): void {
  const tags = state['tags_all'];
  const all = isObject(tags) ? tagsOf(tags) : [];
  attempt(call, `tagging S3 Bucket (${name})`, (buckets) =>
    buckets.set(name, 'tagging', all.length === 0 ? undefined : document(element('Tagging', [element('TagSet', all)]), true)),
  );
}

/** Runs against the store; what the store refuses is what the service would answer. Without a store nothing is served. */
function attempt(call: ResourceCall, doing: string, action: (buckets: Buckets) => void): void {
  const buckets = call.provider.stores?.buckets;
  if (buckets === undefined) return;
  try {
    action(buckets);
  } catch (error) {
    if (error instanceof StoreError) throw new Refusal(doing, `${error.code}: ${error.message}`);
    throw error;
  }
}

function first(value: ObjectValue[string] | undefined): ObjectValue {
  const one = isList(value) ? value[0] : value;
  return isObject(one) && !isUnknown(one) ? one : {};
}
