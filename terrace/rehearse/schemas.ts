import type { Schema } from '../delivery/bundle/typed-schema';
import { rehearsalSchema } from './rehearsal';
import { shapeSchema } from './shape/shape';

/** The schemas that are published, by the file's name below docs/schemas/. */
export const publishedSchemas: Readonly<Record<string, Schema<unknown>>> = {
  'shape.v1.json': shapeSchema,
  'rehearsal.v1.json': rehearsalSchema,
};
