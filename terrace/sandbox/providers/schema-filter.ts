import type { Caller } from './engine/context';
import type { SimulatedProvider } from './engine/simulated-provider';
import type { Offer } from './protocol/plugin-server';
import { usedTypes, type ReadObject, type UsedTypes } from './protocol/used-types';
import { indexAnswer, type AnswerIndex } from './schema/answer-index';
import { encodedSchemas, encodedTypes } from './schema/encoded';
import { typesOfTwoDepths } from './schema/recursive-blocks';
import { cloudOf, type ProviderPackage } from '../../terraform/provider-packages';
import type { ServedCatalogue } from './schema/served-catalogue';

/** Bytes of an answer that terraform takes in at once anyway. */
const smallAnswer = 200_000;
/** Processes whose choice is remembered; a terraform ends long before as many others have begun. */
const mostRemembered = 1000;

/** Gives each terraform process the schemas that it can meet, the same on all its connections: it asks for them on the first one only. */
export class SchemaFilter {
  private readonly chosen = new Map<string, UsedTypes | undefined>();
  private readonly flatTypes: readonly string[];
  private readonly flatSchemas: ServedCatalogue;
  private index: AnswerIndex | undefined;
  private flatIndex: AnswerIndex | undefined;

  constructor(
    private readonly projectRoot: string,
    private readonly provider: ProviderPackage,
    private readonly schemas: ServedCatalogue,
    private readonly readObject: ReadObject | undefined,
  ) {
    this.flatTypes = typesOfTwoDepths.filter((type) => type.startsWith(`${cloudOf(provider)}_`));
    this.flatSchemas = schemas.flat();
  }

  /** What a server answers with. */
  offer(deep: SimulatedProvider): Offer {
    const flat = deep.in({ schemas: this.flatSchemas });
    return {
      answer: (caller) => this.answer(caller),
      provider: (caller) => (this.flatTypes.length > 0 && this.used(caller)?.depth === 'flat' ? flat : deep),
    };
  }

  /** All types, or those that the calling terraform can meet; the whole answer is taken apart once. */
  private answer(caller: () => Caller): Buffer {
    this.index ??= indexAnswer(encodedSchemas(this.projectRoot, this.provider, this.schemas));
    if (this.index.whole.length < smallAnswer && this.flatTypes.length === 0) return this.index.whole;
    const used = this.used(caller);
    if (used === undefined) return this.index.whole;
    return this.index.only(used.types, used.depth === 'flat' ? this.flat() : undefined);
  }

  private flat(): AnswerIndex {
    this.flatIndex ??= indexAnswer(encodedTypes(this.flatSchemas, this.flatTypes));
    return this.flatIndex;
  }

  private used(caller: () => Caller): UsedTypes | undefined {
    const known = caller();
    if (known.process === undefined) return undefined;
    if (!this.chosen.has(known.process)) {
      this.chosen.set(known.process, usedTypes(known, cloudOf(this.provider), this.readObject));
      const [oldest] = this.chosen.keys();
      if (this.chosen.size > mostRemembered && oldest !== undefined) this.chosen.delete(oldest);
    }
    return this.chosen.get(known.process);
  }
}
