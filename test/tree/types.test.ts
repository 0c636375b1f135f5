import { expect, test } from '@jest/globals';

import { declareOutputs, list, number, text, type OutputValues } from '../../terrace/tree/outputs';
import type { Region } from '../../terrace/tree/region';
import { Unit } from '../../terrace/tree/unit';
import { NetworkUnit } from '../_helpers/demo-project';

const outputs = declareOutputs({ vpcId: text('vpc-0'), subnetIds: list(['subnet-0']), size: number(1) });

/** Never built: the type checker is what this class is for. */
class Reader extends Unit {
  constructor(region: Region, id: string) {
    super(region, id, {});
    const unit = region.unit(NetworkUnit);
    const network = this.dependency(unit);
    const typed: { readonly vpc: string; readonly subnets: string[] } = { vpc: network.vpcId, subnets: network.subnetIds };
    // @ts-expect-error a misspelt output does not compile
    const misspelt = network.vpcID;
    // @ts-expect-error an output read without declaring the dependency does not compile
    const undeclared = unit.vpcId;
    // @ts-expect-error an output has its own type
    const wrong: number = network.vpcId;
    void [typed, misspelt, undeclared, wrong];
  }
}

class Giver extends Unit<typeof outputs> {
  constructor(region: Region, id: string) {
    super(region, id, outputs);
    // @ts-expect-error every declared output needs a value
    this.outputs({ vpcId: 'vpc', size: 1 });
    // @ts-expect-error a value has its output's type
    this.outputs({ vpcId: 1, subnetIds: [], size: 1 });
    // @ts-expect-error only declared outputs have values
    this.outputs({ vpcId: 'vpc', subnetIds: [], size: 1, more: 1 });
  }
}

test('outputs are read with the types that they were declared with', () => {
  const values: OutputValues<typeof outputs> = { vpcId: 'vpc', subnetIds: ['subnet'], size: 1 };
  expect([typeof values.vpcId, values.subnetIds.length, values.size, Reader.name, Giver.name]).toEqual(['string', 1, 1, 'Reader', 'Giver']);
});
