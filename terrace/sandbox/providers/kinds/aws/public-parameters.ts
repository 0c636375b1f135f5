import { awsTable } from '../../tables/aws';
import { RandomStream } from '../../values/random-stream';
import { clusterNames } from './cluster-versions';
import { publicImages } from './images';

/** Names of images of Amazon Linux (EC2 user guide, "Reference AMIs using Systems Manager public parameters"). */
const linuxImages = [
  ...['kernel-default', 'kernel-6.1', 'minimal-kernel-default', 'minimal-kernel-6.1'].flatMap((kind) =>
    ['arm64', 'x86_64'].map((architecture) => `al2023-ami-${kind}-${architecture}`),
  ),
  ...['hvm-x86_64-ebs', 'hvm-x86_64-gp2', 'hvm-x86_64-s3', 'minimal-hvm-x86_64-ebs', 'minimal-hvm-x86_64-s3'].map(
    (one) => `amzn-ami-${one}`,
  ),
  ...['hvm-arm64-gp2', 'hvm-x86_64-ebs', 'hvm-x86_64-gp2', 'minimal-hvm-arm64-ebs', 'minimal-hvm-x86_64-ebs'].map(
    (one) => `amzn2-ami-${one}`,
  ),
  ...['arm64-gp2', 'x86_64-ebs', 'x86_64-gp2'].map((one) => `amzn2-ami-kernel-5.10-hvm-${one}`),
];

/** Variants of images for clusters (ECS developer guide and EKS user guide, "Retrieve … AMI metadata"; Bottlerocket's QUICKSTART). */
const containerImages = [
  'amazon-linux-2023',
  'amazon-linux-2023/arm64',
  'amazon-linux-2023/neuron',
  'amazon-linux-2',
  'amazon-linux-2/arm64',
  'amazon-linux-2/gpu',
  'amazon-linux-2/inf',
];
const nodeImages = ['x86_64/standard', 'arm64/standard', 'x86_64/neuron', 'x86_64/nvidia', 'arm64/nvidia'].map(
  (one) => `amazon-linux-2023/${one}`,
);

/** Versions of AWS for Fluent Bit that have a parameter, beside `stable` and `latest`; the account of their images is AWS's own (ECS developer guide). */
const logRouters = ['2.32.5', '2.32.5.20250327', '3.0.0'];

/** The names of public parameters that the simulation can list, of a region. */
export function publicParameters(): readonly string[] {
  const images = [
    ...linuxImages.map((one) => `ami-amazon-linux-latest/${one}`),
    ...containerImages.flatMap((one) => ['', '/image_id', '/image_name'].map((member) => `ecs/optimized-ami/${one}/recommended${member}`)),
    ...clusterNames.flatMap((version) => [
      ...nodeImages.flatMap((one) =>
        ['image_id', 'release_version'].map((member) => `eks/optimized-ami/${version}/${one}/recommended/${member}`),
      ),
      ...['', '-nvidia'].flatMap((variant) =>
        ['arm64', 'x86_64'].flatMap((architecture) =>
          ['image_id', 'image_version'].map((member) => `bottlerocket/aws-k8s-${version}${variant}/${architecture}/latest/${member}`),
        ),
      ),
    ]),
  ];
  const places = Object.keys(awsTable().regions).flatMap((one) =>
    ['', '/longName', '/partition'].map((member) => `global-infrastructure/regions/${one}${member}`),
  );
  const routers = ['stable', 'latest', ...logRouters].map((one) => `aws-for-fluent-bit/${one}`);
  return [...images, ...places, ...routers].map((one) => `/aws/service/${one}`);
}

/** What a public parameter of AWS holds: an id of an image, its name or version, a region, an image of containers; undefined for any other name. */
export function publicParameter(name: string, region: string): string | undefined {
  if (!/^\/aws\/service\/[\w./-]+$/.test(name)) return undefined;
  const [, place, member] = /^\/aws\/service\/global-infrastructure\/regions\/([a-z0-9-]+)(?:\/(\w+))?$/.exec(name) ?? [];
  if (place !== undefined) return aboutRegion(place, member);
  const router = /^\/aws\/service\/aws-for-fluent-bit\/([\w.-]+)$/.exec(name)?.[1];
  if (router !== undefined) {
    const version = router === 'stable' ? logRouters[1] : router === 'latest' ? logRouters.at(-1) : router;
    return `906394416424.dkr.ecr.${region}.amazonaws.com/aws-for-fluent-bit:${version}`;
  }
  if (!/^\/aws\/service\/(ami-|ecs\/|eks\/|bottlerocket\/|canonical\/|debian\/|suse\/|deeplearning\/|freebsd\/)/.test(name))
    return undefined;
  const base = name.replace(/\/(image_id|image_name|release_version|image_version|release-version)$/, '');
  const title = base
    .split('/')
    .slice(3)
    .join('-')
    .replace(/-recommended$/, '');
  const image = linuxImage(name, region) ?? `ami-${new RandomStream(`image of ${base} in ${region}`).hex(17)}`;
  if (name.endsWith('/recommended')) return JSON.stringify({ schema_version: 1, image_name: title, image_id: image, os: 'Amazon Linux' });
  if (/image_name$/.test(name)) return title;
  return /(release_version|image_version|release-version)$/.test(name) ? '1.0.0' : image;
}

function aboutRegion(region: string, member: string | undefined): string | undefined {
  const longName = awsTable().regions[region];
  if (longName === undefined || member === undefined) return longName === undefined ? undefined : region;
  if (member === 'longName') return longName;
  return member === 'partition' ? (region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws') : undefined;
}

/** The image that a name of Amazon Linux 2023 stands for is the latest that `aws_ami` finds. */
function linuxImage(name: string, region: string): string | undefined {
  const architecture = /\/al2023-ami-kernel-(?:default|6\.1)-(arm64|x86_64)$/.exec(name)?.[1];
  if (architecture === undefined) return undefined;
  return publicImages(region, 'aws').findLast(
    ({ values }) => String(values['name']).startsWith('al2023-ami-2023.') && values['architecture'] === architecture,
  )?.id;
}
