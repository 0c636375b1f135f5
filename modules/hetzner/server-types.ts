import type { Location } from './locations';

/** What a server type gives, and where it can be ordered. */
export interface ServerType {
  readonly cores: number;
  /** GiB */
  readonly memory: number;
  /** GB of local disk */
  readonly disk: number;
  readonly architecture: 'x86' | 'arm';
  readonly locations: readonly Location[];
}

const europe = ['fsn1', 'nbg1', 'hel1'] as const;
const everywhere = [...europe, 'ash', 'hil', 'sin'] as const;
const overseas = ['ash', 'hil', 'sin'] as const;

const type = (
  cores: number,
  memory: number,
  disk: number,
  locations: readonly Location[],
  architecture: ServerType['architecture'] = 'x86',
): ServerType => ({
  cores,
  memory,
  disk,
  architecture,
  locations,
});

/**
 * Server types that can be ordered, from `GET /server_types` of Hetzner's API as of autumn 2026. The list ages: types are
 * retired with half a year's notice, and `hcloud server-type list` is the authority. Add or move a line here when it changes.
 */
export const serverTypes: Readonly<Record<string, ServerType>> = {
  cx23: type(2, 4, 40, europe),
  cx33: type(4, 8, 80, europe),
  cx43: type(8, 16, 160, europe),
  cx53: type(16, 32, 320, europe),
  cpx11: type(2, 2, 40, overseas),
  cpx21: type(3, 4, 80, overseas),
  cpx31: type(4, 8, 160, overseas),
  cpx41: type(8, 16, 240, overseas),
  cpx51: type(16, 32, 360, overseas),
  cpx22: type(2, 4, 80, [...europe, 'sin']),
  cpx32: type(4, 8, 160, [...europe, 'sin']),
  cpx42: type(8, 16, 320, [...europe, 'sin']),
  cpx52: type(12, 24, 480, [...europe, 'sin']),
  cpx62: type(16, 32, 640, [...europe, 'sin']),
  cax11: type(2, 4, 40, europe, 'arm'),
  cax21: type(4, 8, 80, europe, 'arm'),
  cax31: type(8, 16, 160, europe, 'arm'),
  cax41: type(16, 32, 320, europe, 'arm'),
  ccx13: type(2, 8, 80, everywhere),
  ccx23: type(4, 16, 160, everywhere),
  ccx33: type(8, 32, 240, everywhere),
  ccx43: type(16, 64, 360, everywhere),
  ccx53: type(32, 128, 600, everywhere),
  ccx63: type(48, 192, 960, everywhere),
};

/** Retired types and what takes their place. */
export const retiredServerTypes: Readonly<Record<string, string>> = {
  cx11: 'cx23',
  cx21: 'cx23',
  cx31: 'cx33',
  cx41: 'cx43',
  cx51: 'cx53',
  cx22: 'cx23',
  cx32: 'cx33',
  cx42: 'cx43',
  cx52: 'cx53',
  'cx11-ceph': 'cx23',
  'cx21-ceph': 'cx23',
  'cx31-ceph': 'cx33',
  'cx41-ceph': 'cx43',
  'cx51-ceph': 'cx53',
  ccx11: 'ccx13',
  ccx21: 'ccx23',
  ccx31: 'ccx33',
  ccx41: 'ccx43',
  ccx51: 'ccx53',
  ccx12: 'ccx13',
  ccx22: 'ccx23',
  ccx32: 'ccx33',
  ccx42: 'ccx43',
  ccx52: 'ccx53',
  ccx62: 'ccx63',
};
