import { expect, test } from '@jest/globals';

import { any, bool, declareOutputs, list, map, number, text, type OutputValues } from '../../terrace/tree/outputs';
import { Region, type UnitTable } from '../../terrace/tree/region';
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

const more = declareOutputs({ open: bool(true), shape: any({}), ids: list(['a']), labels: map({ a: 'b' }) });

/** What only terraform will know is nothing to branch on. */
function branches(values: OutputValues<typeof more>): readonly unknown[] {
  const typed: { readonly id: string; readonly label: string; readonly ids: string[]; readonly labels: Record<string, string> } = {
    id: values.ids.at(0),
    label: values.labels.get('a'),
    ids: values.ids,
    labels: values.labels,
  };
  // @ts-expect-error a boolean of another unit equals nothing
  const same = values.open === true;
  // @ts-expect-error it is no condition
  const condition = values.open ? 1 : 2;
  // @ts-expect-error nor the left side of one
  const both = values.open && 1;
  // @ts-expect-error nor a member of a list of booleans
  const member = [true].includes(values.open);
  // @ts-expect-error a value of unknown shape equals no text
  const equal = values.shape === 'x';
  // @ts-expect-error it is no condition either
  const shape = values.shape ? 1 : 2;
  // @ts-expect-error nor a member of a list of texts
  const among = ['x'].includes(values.shape);
  // @ts-expect-error its attributes are asked for with get()
  const attribute = values.shape.rules;
  return [typed, same, condition, both, member, equal, shape, among, attribute];
}

/** A region of one system, and a unit that asks it for what no other region has. */
class PlannedRegion extends Region {
  readonly plan = 'its own';
}
class PlannedUnit extends Unit<typeof outputs, PlannedRegion> {
  constructor(region: PlannedRegion, id: string) {
    super(region, id, outputs);
  }
}
class OtherRegion extends Region {
  readonly other = 1;
}
const own: UnitTable<PlannedRegion> = { 'a/planned': PlannedUnit, 'a/network': NetworkUnit };
// @ts-expect-error a unit is not put into the table of another system's region
const foreign: UnitTable<OtherRegion> = { 'a/planned': PlannedUnit };

test('outputs are read with the types that they were declared with', () => {
  const values: Pick<OutputValues<typeof outputs>, 'vpcId' | 'size'> = { vpcId: 'vpc', size: 1 };
  expect([typeof values.vpcId, values.size, branches.length, Reader.name, Giver.name]).toEqual(['string', 1, 1, 'Reader', 'Giver']);
  expect([Object.keys(own), Object.keys(foreign)]).toEqual([['a/planned', 'a/network'], ['a/planned']]);
});
