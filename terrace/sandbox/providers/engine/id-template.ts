import { formOfId } from '../forms/read-forms';
import type { ProviderContext, ResourceCall } from './context';

/** The template of a resource's id: the overlay's, else that of the table of forms, else the provider's own guess. */
export function idTemplate({ provider: { name, kind, overlay }, type, schema }: ResourceCall): string {
  return overlay.resources[type]?.id ?? formOfId(name, type) ?? kind.idTemplate(type, schema);
}

/** The same for a type of which there is no call yet. */
export function formOfChild({ name, kind, overlay, schemas }: ProviderContext, type: string): string | undefined {
  const schema = schemas.resource(type);
  return overlay.resources[type]?.id ?? formOfId(name, type) ?? (schema === undefined ? undefined : kind.idTemplate(type, schema));
}
