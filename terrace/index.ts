/** What a stack author writes with: the levels of the tree, outputs, values, and coded errors. */
export { TreeApp } from './tree/app';
export { refuse, TerraceError, type Problem } from './base/errors';
export { type HclValue } from './base/hcl';
export { type BackendNames, type StateEncryption } from './state/backend-names';
export { type CiEnvironmentValues, type CiStage, type CiValues, type SourceRepository } from './tree/ci-values';
export { fromOutside } from './tree/closed-source';
export { deployedFrom, type DeployedContent, type DeployedValues } from './tree/deployed-content';
export { Environment, type Artifact, type ArtifactOptions } from './tree/environment';
export { generatedFile } from './tree/generated-file';
export { expression, literal } from './tree/literal';
export { type OpaqueAny, type OpaqueBoolean, type OpaqueList, type OpaqueMap } from './tree/opaque-value';
export {
  any,
  bool,
  declareOutputs,
  list,
  map,
  number,
  numbers,
  text,
  type AnyValue,
  type OutputDeclaration,
  type OutputOptions,
  type Outputs,
} from './tree/outputs';
export { type Project } from './tree/project';
export { Region, type RegionBackend, type UnitClass, type UnitTable } from './tree/region';
export { propertyPlace, settingPlace } from './tree/setting-place';
export { System } from './tree/system';
export { Unit, type VariableOptions } from './tree/unit';
export {
  type AccountValues,
  type BackendValues,
  type EnvironmentValues,
  type NetworkValues,
  type RegionValues,
  type RootValues,
} from './tree/values';
