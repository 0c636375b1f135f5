import {
  DataTerraformRemoteStateS3,
  Fn,
  S3Backend,
  TerraformElement,
  TerraformOutput,
  TerraformStack,
  TerraformVariable,
  Token,
} from 'cdktf';

import { backendOf } from '../state/backend-names';
import { refuse, TerraceError, type Problem } from '../base/errors';
import { callerLine } from '../base/source-line';
import type { BackendModel, DependencyModel, OutputType } from '../model/model';
import { snakeCase, stackIdOf } from './names';
import { opaqueValue, type OpaqueKind } from './opaque-value';
import type { OutputAssignments, Outputs, OutputValues } from './outputs';
import { outputProblems, resolvedOutputProblems } from './output-values';
import { plainTemplates } from './plain-templates';
import { whileReferencesAreChecked } from './resolve-plain';
import { foreignProblems, remoteStateName } from './foreign-units';
import type { Region } from './region';
import { sharedAddresses } from './addresses';
import { valueProblems } from './unit-json';
import { UnitSynthesizer } from './unit-synthesizer';
import { withWriteOnly } from './write-only';

/** A terraform variable of a unit: what is not in the source. */
export interface VariableOptions {
  /** Terraform type expression. @default 'string' */
  readonly type?: string;
  readonly description: string;
  /** @default false */
  readonly sensitive?: boolean;
  /** Optional variables have `default: null`; required ones none, so they must arrive as `TF_VAR_<name>`. @default false */
  readonly optional?: boolean;
}

/** The smallest thing deployed: one stack, one state file, one lock, one folder of the live tree. */
export abstract class Unit<O extends Outputs = Outputs, R extends Region = Region> extends TerraformStack {
  /** `<layer>/<unit>`. */
  readonly id: string;
  /** Where its state and lock are: the literals of its `backend "s3"`. */
  readonly backendModel: BackendModel;
  /** What the state was called before; set it when a unit is renamed, and its state moves instead of being destroyed. */
  readonly movedFrom: string | undefined = undefined;
  /** `backend/state`: outside every selection wider than itself. */
  readonly bootstrap: boolean = false;
  /** Applied by `terrace backend bootstrap`, with an administrator's credentials. */
  readonly appliedByBootstrap: boolean = false;
  /** Raise it when a secret of the unit changed and is to be sent again: with `secrets: 'write-only'` terraform cannot see that it did. */
  readonly secretsVersion: number = 1;
  /** Units of other environments, and of other systems of the repository, may depend on it: the owner of a DNS zone, say. */
  readonly shared: boolean = false;

  /** Holds the JSON once the unit is synthesized. */
  override readonly synthesizer = new UnitSynthesizer(this);

  readonly #dependencies = new Map<Unit, { readonly remoteState: string; readonly outputs: Set<string>; readonly values: object }>();
  readonly #upstream = new Set<TerraformStack>();
  /** Where `outputs()` was called; its stack is read only for a problem. */
  #assigned: Error | undefined;

  constructor(
    readonly region: R,
    id: string,
    readonly declaredOutputs: O,
  ) {
    super(region.environment.system.app, stackIdOf(`${region.path}/${id}`));
    this.id = id;
    const { system } = region.environment;
    this.backendModel = backendOf({
      names: system.backendNames,
      keyPrefix: system.keyPrefix,
      place: region.backendPlace,
      unit: this.path,
      lock: system.lock,
    });
    this.#writeBackend();
  }

  /** `<system>/<environment>/<region>/<layer>/<unit>`. */
  get path(): string {
    return `${this.region.path}/${this.id}`;
  }

  /** Default tags of everything that takes tags. */
  get tags(): Record<string, string> {
    return {
      Environment: this.region.environment.name,
      Region: this.region.name,
      Project: this.region.environment.system.values.project,
      ManagedBy: 'terrace',
      Unit: this.id,
    };
  }

  /** The units whose state this one reads, sorted by path, each with the outputs that it consumes. */
  get dependencyModels(): readonly DependencyModel[] {
    return [...this.#dependencies]
      .map(([unit, { outputs, remoteState }]) => ({ unit: unit.path, outputs: [...outputs].sort(), remoteState }))
      .sort((a, b) => (a.unit < b.unit ? -1 : 1));
  }

  /** The units that must be applied before this one. */
  get upstream(): readonly Unit[] {
    return [...this.#dependencies.keys()];
  }

  /**
   * Declares that this unit needs another, and gives its outputs as typed values (read from its state at run time).
   * Raises E1305 for a unit of another environment or system that is not shared, and E1321 where its account lets this one's in nowhere.
   */
  protected dependency<P extends Outputs>(unit: Unit<P>): OutputValues<P> {
    const known = this.#dependencies.get(unit);
    if (known !== undefined) return known.values as OutputValues<P>;
    refuse(foreignProblems(this, unit));
    const remoteState = remoteStateName(this, unit);
    const { bucket, key, region } = unit.backendModel;
    const remote = new DataTerraformRemoteStateS3(this, `dependency-${remoteState}`, { bucket, key, region });
    remote.overrideLogicalId(remoteState);
    const outputs = new Set<string>();
    const values = {};
    for (const [name, declaration] of Object.entries(unit.declaredOutputs)) {
      const output = snakeCase(name);
      Object.defineProperty(values, name, {
        enumerable: true,
        get: () => {
          outputs.add(output);
          const value = remote.get(output);
          return typed(declaration.type, `${name} of ${unit.path}`, declaration.sensitive ? Fn.sensitive(value) : value);
        },
      });
    }
    this.#dependencies.set(unit, { remoteState, outputs, values });
    this.addDependency(unit);
    return values as OutputValues<P>;
  }

  /**
   * Gives the declared outputs their values; once, at the end of the constructor. Raises E1312, E1313 and E3105 for what is no value, and
   * E1314 when it is called again.
   */
  protected outputs(values: OutputAssignments<O>): void {
    const place = (call: Error): string => callerLine(call.stack)?.text ?? this.path;
    const call = new Error('outputs');
    if (this.#assigned !== undefined)
      throw new TerraceError({
        code: 'E1314',
        title: 'outputs assigned twice',
        place: place(call),
        found: `${this.path} calls this.outputs() here and at ${place(this.#assigned)}`,
        expected: 'one call with all outputs',
        todo: 'merge the two calls',
      });
    this.#assigned = call;
    const given: Readonly<Record<string, unknown>> = { ...values };
    const found = Object.keys(this.declaredOutputs).flatMap((name) =>
      outputProblems(name, given[name], '').map((problem) => ({ ...problem, place: place(call), found: `${this.path}: ${problem.found}` })),
    );
    refuse(found);
    for (const [name, declaration] of Object.entries(this.declaredOutputs)) {
      const output = new TerraformOutput(this, snakeCase(name), {
        value: given[name],
        ...(declaration.sensitive ? { sensitive: true } : {}),
      });
      output.overrideLogicalId(snakeCase(name));
    }
  }

  /** True when every declared output got a value. */
  get outputsAssigned(): boolean {
    return this.#assigned !== undefined || Object.keys(this.declaredOutputs).length === 0;
  }

  /** Declares a terraform variable; use `.stringValue`, `.numberValue` or `.value` of what it gives. */
  protected variable(name: string, options: VariableOptions): TerraformVariable {
    const variable = new TerraformVariable(this, `variable-${name}`, {
      type: options.type ?? 'string',
      description: options.description,
      ...(options.sensitive === true ? { sensitive: true } : {}),
    });
    variable.overrideLogicalId(name);
    if (options.optional === true) variable.addOverride('default', null);
    return variable;
  }

  // cdktf asks every dependency for cycles, which is exponential in deep trees; building units has already refused cycles.
  override addDependency(dependency: TerraformStack): void {
    if (this.#upstream.has(dependency)) return;
    this.#upstream.add(dependency);
    this.dependencies.push(dependency);
  }

  /** Only the backend: what else cdktf looks for here, references to other stacks, `toTerraform` finds while it resolves anyway. */
  override prepareStack(): void {
    this.ensureBackendExists();
  }

  /**
   * As cdktf's, with qualified provider sources: the prebuilt bindings write a bare name, which a lock file does not match.
   * Raises E1316 for two constructs of one address, E3103 for plain text that terraform would read as a template, E3102, E3105, E1312 and E1315 for
   * values that would be wrong without a word, E1323 for a write-only secret that is read.
   */
  override toTerraform(): ReturnType<TerraformStack['toTerraform']> {
    const json = this.#withSecrets(this.#resolved());
    const providers: Record<string, { source?: string }> = json.terraform?.required_providers ?? {};
    for (const provider of Object.values(providers))
      if (provider.source?.includes('/') === false) provider.source = `hashicorp/${provider.source}`;
    const place = (): string => callerLine(this.#assigned?.stack)?.text ?? this.path;
    refuse([...valueProblems(this.path, json), ...resolvedOutputProblems(this.path, json, place)]);
    return json;
  }

  /** As cdktf's; each construct is written once, for the checks and for cdktf, which for large trees is a tenth of a synthesis. */
  #resolved(): ReturnType<TerraformStack['toTerraform']> {
    const elements = this.node.findAll().filter((one) => TerraformElement.isTerraformElement(one) && one !== (this as unknown));
    const problems: Problem[] = plainTemplates(this.path, Reflect.get(this, 'rawOverrides'));
    const taken = new Map<string, string>();
    try {
      for (const element of elements) {
        const raw: unknown = Reflect.apply(Reflect.get(element, 'toTerraform') as () => unknown, element, []);
        problems.push(...plainTemplates(this.path, raw), ...sharedAddresses(this.path, element.node.path, raw, taken));
        Object.assign(element, { toTerraform: () => raw });
      }
      refuse(problems);
      return whileReferencesAreChecked(() => super.toTerraform());
    } finally {
      for (const element of elements) Reflect.deleteProperty(element, 'toTerraform');
    }
  }

  /** The JSON with secrets in the form that the root asks for. */
  #withSecrets(json: ReturnType<TerraformStack['toTerraform']>): ReturnType<TerraformStack['toTerraform']> {
    if (this.region.environment.system.secrets === 'in-state') return json;
    const { json: written, problems } = withWriteOnly(this.path, json, this.secretsVersion);
    refuse(problems);
    return written;
  }

  #writeBackend(): void {
    const { keyTemplate: _template, useLockfile, ...literals } = this.backendModel;
    new S3Backend(this, { ...literals, encrypt: true });
    if (useLockfile) this.addOverride('terraform.backend.s3.use_lockfile', true);
    // Write-only arguments came with terraform 1.11, `use_lockfile` with 1.10; everything else works from 1.5.7 on.
    const { secrets } = this.region.environment.system;
    this.addOverride('terraform.required_version', secrets === 'write-only' ? '>= 1.11' : useLockfile ? '>= 1.10' : '>= 1.5.7');
  }
}

function typed(type: OutputType, label: string, value: unknown): unknown {
  return type === 'string' ? Token.asString(value) : opaqueValue(opaqueKinds[type], label, value);
}

const opaqueKinds: Readonly<Record<Exclude<OutputType, 'string'>, OpaqueKind>> = {
  number: 'number',
  bool: 'bool',
  'list(string)': 'list',
  'list(number)': 'numbers',
  'map(string)': 'map',
  any: 'any',
};
