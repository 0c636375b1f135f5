import { formOfId } from '../forms/read-forms';
import type { ProviderContext, ResourceCall } from './context';

/** The template of a resource's id: the overlay's, else that of the table of forms, else one for all types of the provider. */
export function idTemplate({ provider: { name, kind, overlay }, type, schema }: ResourceCall): string {
  return overlay.resources[type]?.id ?? formOfId(name, type) ?? kind.idTemplate(type, schema);
}

/** Whether nothing tells how a type's ids look: its provider has many forms, and the type is in no table. */
export function isIdUnknown({ provider: { name, kind, overlay }, type }: ResourceCall): boolean {
  return kind.manyIdForms === true && overlay.resources[type]?.id === undefined && formOfId(name, type) === undefined;
}

/** The same for a type of which there is no call yet. */
export function formOfChild({ name, kind, overlay, schemas }: ProviderContext, type: string): string | undefined {
  const schema = schemas.resource(type);
  return overlay.resources[type]?.id ?? formOfId(name, type) ?? (schema === undefined ? undefined : kind.idTemplate(type, schema));
}
