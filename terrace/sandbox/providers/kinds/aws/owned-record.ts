import type { CloudRecord } from '../../cloud/record';

/** One thing that AWS owns, as a record that is in no account's folder. */
export type Owned = Pick<CloudRecord, 'id' | 'values'> & { readonly hidden?: CloudRecord['hidden'] };
