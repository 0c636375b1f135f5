import { awsTable } from '../../tables/aws';
import { RandomStream } from '../../values/random-stream';
import type { Owned } from './owned-record';

/**
 * Public images of the usual publishers: their names, owners and architectures are real, the versions those of one day, and the ids made up,
 * the same for a name and a region whenever they are asked for.
 */
export function publicImages(region: string, partition: string): Owned[] {
  return awsTable().images.flatMap((family) =>
    family.architectures.flatMap((architecture) =>
      family.versions.map((version, index) => {
        const write = (text: string): string =>
          text
            .replaceAll('{v}', version)
            .replaceAll('{arch}', architecture)
            .replaceAll('{deb}', architecture === 'x86_64' ? 'amd64' : architecture);
        const name = write(family.name);
        const random = new RandomStream(`public image ${name} in ${region}`);
        const id = `ami-${random.hex(17)}`;
        const snapshot = `snap-${random.hex(17)}`;
        const windows = name.startsWith('Windows');
        const device = `/dev/${family.device}`;
        return {
          id,
          values: {
            id,
            image_id: id,
            name,
            arn: `arn:${partition}:ec2:${region}::image/${id}`,
            architecture,
            owner_id: family.owner,
            image_owner_alias: family.alias,
            owner_alias: family.alias,
            description: write(family.description),
            creation_date: `2025-${String(8 + index).padStart(2, '0')}-15T12:00:00.000Z`,
            deprecation_time: '2027-10-15T12:00:00.000Z',
            boot_mode: architecture === 'arm64' ? 'uefi' : 'uefi-preferred',
            ena_support: true,
            hypervisor: 'xen',
            image_location: `${family.alias || family.owner}/${name}`,
            image_type: 'machine',
            imds_support: name.startsWith('al2023') ? 'v2.0' : '',
            platform: windows ? 'windows' : '',
            platform_details: windows ? 'Windows' : name.startsWith('RHEL') ? 'Red Hat Enterprise Linux' : 'Linux/UNIX',
            public: true,
            root_device_name: device,
            root_device_type: 'ebs',
            root_snapshot_id: snapshot,
            sriov_net_support: 'simple',
            state: 'available',
            usage_operation: windows ? 'RunInstances:0002' : 'RunInstances',
            virtualization_type: 'hvm',
            block_device_mappings: [
              {
                device_name: device,
                no_device: '',
                virtual_name: '',
                ebs: {
                  delete_on_termination: 'true',
                  encrypted: 'false',
                  iops: '0',
                  snapshot_id: snapshot,
                  throughput: '0',
                  volume_size: windows ? '30' : '8',
                  volume_type: 'gp3',
                },
              },
            ],
            product_codes: [],
            tags: {},
            region,
          },
        };
      }),
    ),
  );
}
