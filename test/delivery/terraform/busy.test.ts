import { expect, test } from '@jest/globals';

import { busyReader } from '../../../terrace/delivery/terraform/busy';

test('terraform’s own lines say which resource it has been at longest, and what it does with it', () => {
  const reader = busyReader();
  reader.add('data.aws_caller_identity.me: Reading...\ndata.aws_caller_identity.me: Read complete after 0s [id=1]\naws_vpc.main: Crea');
  expect(reader.now()).toBeUndefined();
  reader.add('ting...\naws_subnet.a["secret"]: Creating...\n');
  expect(reader.now()).toEqual({ resource: 'aws_vpc.main', doing: 'creating' });
  reader.add('aws_vpc.main: Still creating... [10s elapsed]\naws_vpc.main: Creation complete after 12s [id=vpc-1]\n');
  // The key of an instance may be a value.
  expect(reader.now()).toEqual({ resource: 'aws_subnet.a', doing: 'creating' });
});

test('of what is only refreshed the last one stands for all', () => {
  const reader = busyReader();
  reader.add('aws_vpc.main: Refreshing state... [id=vpc-1]\naws_subnet.a: Refreshing state... [id=subnet-1]\n');
  expect(reader.now()).toEqual({ resource: 'aws_subnet.a', doing: 'refreshing' });
});
