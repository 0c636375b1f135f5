import { randomUUID } from 'node:crypto';

import { TerraceError } from '../base/errors';
import { stateUrl, type StateTarget } from './state-access';
import { asList, formatLossless, type JsonObject } from './lossless-json';
import { withBothLocks, type MoveOptions } from './move-unit';
import { requireDigest } from './pull';
import { moveResources, type ResourceMove } from './resource-move';
import { formatState, parseState, refuseSandboxState, serialJson, type StateFile } from './state-file';
import { readStateObject, requireVersioning, writeDigest, writeState } from './state-store';

export interface MoveResourcesResult {
  readonly moved: readonly string[];
  readonly already: readonly string[];
  /** Serials after the move. */
  readonly fromSerial: number;
  readonly toSerial: number;
}

/**
 * Moves single resources from one unit's state into another's, under both locks: first they are written where they go, then removed
 * where they were. Killed in between, both states hold them and the same command goes on. A unit without a state gets a new one.
 */
export function moveResourceStates(
  from: StateTarget,
  to: StateTarget,
  moves: readonly ResourceMove[],
  options: MoveOptions = {},
): Promise<MoveResourcesResult> {
  return withBothLocks(from, to, 'terrace state move', options, async (source, target) => {
    await requireVersioning(source);
    await requireVersioning(target);
    const [sourceText, targetText] = [await readStateObject(source), await readStateObject(target)];
    if (sourceText === undefined)
      throw new TerraceError({
        code: 'E4510',
        title: 'no state',
        place: from.path,
        found: `nothing at ${stateUrl(from.backend)}`,
        todo: 'check the path: a unit that was never applied has no resources to move',
      });
    const old = parseState(sourceText, from.path);
    refuseSandboxState(old, from.path, source.env);
    await requireDigest(source, sourceText);
    const fresh = targetText === undefined ? emptyState(old, to.path) : parseState(targetText, to.path);
    const result = moveResources(asList(old.json['resources']), asList(fresh.json['resources']), moves, to.path);
    // A run that broke off may have left the copy without its digest.
    if (targetText !== undefined && result.already.length > 0) await writeDigest(target, targetText);
    else if (targetText !== undefined) await requireDigest(target, targetText);
    const toSerial = result.moved.length === 0 ? fresh.serial : fresh.serial + 1;
    if (result.moved.length > 0) await writeState(target, formatState(fresh, { serial: serialJson(toSerial), resources: result.to }));
    const changed = formatLossless(result.from) !== formatLossless(asList(old.json['resources']));
    if (changed) await writeState(source, formatState(old, { serial: serialJson(old.serial + 1), resources: result.from }));
    return { moved: result.moved, already: result.already, toSerial, fromSerial: changed ? old.serial + 1 : old.serial };
  });
}

function emptyState(like: StateFile, place: string): StateFile {
  const json: JsonObject = {
    version: serialJson(4),
    terraform_version: like.terraformVersion,
    serial: serialJson(0),
    lineage: randomUUID(),
    outputs: {},
    resources: [],
    check_results: null,
  };
  return parseState(formatLossless(json), place);
}
