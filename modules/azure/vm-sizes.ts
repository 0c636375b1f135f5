/** What a virtual machine size gives. */
export interface VmSize {
  readonly cores: number;
  /** GiB */
  readonly memory: number;
  /** Disks beside the system's own. */
  readonly dataDisks: number;
  /** Whether it takes Premium SSDs. */
  readonly premium: boolean;
}

/**
 * The sizes that systems may choose, from the tables of Microsoft Learn ("Bv1 size series", "Ddsv5", "A family").
 * `az vm list-skus --location <region> --resource-type virtualMachines` is the authority; add a line here for another one.
 */
export const vmSizes: Readonly<Record<string, VmSize>> = {
  Standard_B1s: { cores: 1, memory: 1, dataDisks: 2, premium: true },
  Standard_B1ms: { cores: 1, memory: 2, dataDisks: 2, premium: true },
  Standard_B2s: { cores: 2, memory: 4, dataDisks: 4, premium: true },
  Standard_B2ms: { cores: 2, memory: 8, dataDisks: 4, premium: true },
  Standard_B4ms: { cores: 4, memory: 16, dataDisks: 8, premium: true },
  Standard_D2ds_v5: { cores: 2, memory: 8, dataDisks: 4, premium: true },
  Standard_D4ds_v5: { cores: 4, memory: 16, dataDisks: 8, premium: true },
  Standard_A2_v2: { cores: 2, memory: 4, dataDisks: 4, premium: false },
};
