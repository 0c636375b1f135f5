import { observedBuilder, type ObservedBuilder } from '../synth/explain/observed-builds';
import { observeEnvcommon } from '../synth/explain/observed-modules';
import { compiledProject, loadProject } from './load-project';

/** A builder of a project that is loaded with the values of envcommon under observation. */
export function observedProject(root: string, includePlanned: boolean): ObservedBuilder {
  const builder: ObservedBuilder = observedBuilder(
    root,
    () => {
      observeEnvcommon(compiledProject(root), (place, result) => builder.onCall(place, result));
      return loadProject(root);
    },
    includePlanned,
  );
  return builder;
}
