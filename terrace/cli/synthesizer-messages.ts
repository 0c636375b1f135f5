import type { ExitCode, Problem } from '../base/errors';
import type { SystemDelivery } from '../ci/delivery';
import type { LineAnswer, LineQuestion } from '../delivery/affected/source-lines';
import type { Model, UnitModel } from '../model/model';
import type { SynthesisOptions, SynthesisReport } from '../synth/synthesize';

/** A resource of a unit, by its address without the keys of instances. */
export interface SourcePlace {
  readonly unit: string;
  readonly address: string;
}

/** What a process without credentials needs to fill artifacts: the outputs are read by whoever asks it. */
export interface HandoverRequest {
  /** `<system>/<environment>`. */
  readonly selector: string;
  /** Of each unit that fills something the outputs in its state, as JSON, null where it has none. @default asks which units these are */
  readonly outputs?: { readonly [unit: string]: string | null };
}

/** A file of an environment's artifacts, below the system's folder. */
export interface HandedFile {
  readonly path: string;
  /** Base64. */
  readonly content: string;
  readonly executable: boolean;
}

/** What a synthesizing process is asked. */
export type SynthesizerRequest =
  | { readonly kind: 'synthesize'; readonly options: SynthesisOptions }
  | { readonly kind: 'model'; readonly root: string; readonly selectors: readonly string[]; readonly includePlanned: boolean }
  | { readonly kind: 'lines'; readonly root: string; readonly question: LineQuestion }
  | { readonly kind: 'places'; readonly root: string; readonly includePlanned: boolean; readonly places: readonly SourcePlace[] }
  | { readonly kind: 'deliveries'; readonly root: string }
  | ({ readonly kind: 'handover'; readonly root: string; readonly includePlanned: boolean } & HandoverRequest);

/** What it answers. */
export type SynthesizerAnswer =
  | { readonly kind: 'synthesized'; readonly report: SynthesisReport }
  | { readonly kind: 'modelled'; readonly model: Model }
  | { readonly kind: 'found-lines'; readonly lines: LineAnswer }
  /** One line for each place that was asked for; null where none is known. */
  | { readonly kind: 'found-places'; readonly lines: readonly (string | null)[] }
  | { readonly kind: 'delivered'; readonly deliveries: readonly SystemDelivery[] }
  /** The units whose outputs fill artifacts, where none were given with the request. */
  | { readonly kind: 'handover-asks'; readonly model: Model; readonly units: readonly UnitModel[] }
  | {
      readonly kind: 'handed-over';
      readonly files: readonly HandedFile[];
      readonly filled: readonly { readonly path: string; readonly unit: string }[];
    }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[]; readonly exitCode: ExitCode }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string; readonly code?: string };
