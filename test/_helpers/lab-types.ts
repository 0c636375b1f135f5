/** One unit of the lab: blocks of Terraform JSON by their path (`resource.aws_vpc`), outputs, and what it reads of others. */
export interface LabUnit {
  readonly json?: { readonly [block: string]: { readonly [name: string]: unknown } };
  readonly outputs?: { readonly [name: string]: string };
  /** Units of other environments may read it. */
  readonly shared?: true;
  /** Names of the outputs it reads, by the id of the unit that gives them; `<environment>/<region>/<id>` for a shared one of an environment before it. */
  readonly reads?: { readonly [id: string]: readonly string[] };
  /** Variables without default; true for a sensitive one. */
  readonly variables?: { readonly [name: string]: boolean };
  readonly movedFrom?: string;
}

export type LabUnits = { readonly [id: string]: LabUnit };

/** The lab as its source describes it: units by environment and region. */
export interface Lab {
  readonly lock?: 'dynamodb' | 's3' | 'both';
  readonly keyPrefix?: string;
  /** Name of the state bucket. @default the usual one */
  readonly bucket?: string;
  readonly secrets?: 'in-state' | 'write-only';
  readonly environments: {
    readonly [environment: string]: { readonly account: string; readonly regions: { readonly [region: string]: LabUnits } };
  };
}
