import { AnnotationMetadataEntryType, Annotations, Aspects, type IAspect, type TerraformStack } from 'cdktf';
import type { ISynthesisSession, IStackSynthesizer } from 'cdktf/lib/synthesize/types';
import { ConstructOrder, type IConstruct } from 'constructs';

import { stableText } from '../base/stable-text';
import { askVersionsOnce } from './binary-versions';

/** How an annotation that is an error is marked in a construct's metadata. */
const errorMark: string = AnnotationMetadataEntryType.ERROR;

/** Where cdktf keeps what a construct does beside the JSON: assets are copied by it. */
const customSynthesis = Symbol.for('cdktf/customSynthesis');

/**
 * Synthesizes a stack as cdktf's own does (aspects, validation, assets, annotations, JSON), and keeps the text instead of writing it: a file and a
 * folder for each unit that are read again and removed took a third of the time.
 */
export class UnitSynthesizer implements IStackSynthesizer {
  #text: string | undefined;

  constructor(private readonly stack: TerraformStack) {}

  /** The unit's JSON. Raises RangeError before it is synthesized. */
  get text(): string {
    if (this.#text === undefined) throw new RangeError(`${this.stack.node.id} is not synthesized`);
    return this.#text;
  }

  /** Raises what validations and error annotations say; cdktf's session tells where assets go. */
  synthesize(session: ISynthesisSession): void {
    visit(this.stack, []);
    if (session.skipValidation !== true) {
      askVersionsOnce();
      this.stack.runAllValidations();
    }
    session.manifest.forStack(this.stack);
    const errors: string[] = [];
    for (const construct of this.stack.node.findAll(ConstructOrder.POSTORDER)) {
      const custom: unknown = Reflect.get(construct, customSynthesis);
      if (hasSynthesis(custom)) custom.onSynthesize(session);
      for (const { type, data } of construct.node.metadata) if (type === errorMark) errors.push(`[${construct.node.path}] ${String(data)}`);
    }
    if (errors.length > 0) throw new Error(errors.join('\n'));
    this.#text = stableText(this.stack.toTerraform());
  }
}

/** Shows each construct to the aspects of its own and of those around it, the outermost first, each once. */
function visit(construct: IConstruct, around: readonly IAspect[]): void {
  const own = Aspects.of(construct).all;
  const aspects = own.length === 0 ? around : [...around, ...own];
  for (const aspect of new Set(aspects)) aspect.visit(construct);
  if (Aspects.of(construct).all.length > own.length)
    Annotations.of(construct).addWarning('an aspect that another aspect adds is not applied to this construct');
  for (const child of construct.node.children) visit(child, aspects);
}

function hasSynthesis(value: unknown): value is { onSynthesize(session: ISynthesisSession): void } {
  return typeof value === 'object' && value !== null && 'onSynthesize' in value && typeof value.onSynthesize === 'function';
}
