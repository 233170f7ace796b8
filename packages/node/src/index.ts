export { ImnotError, isImnotError } from '@imnot/core'
export { configJsonSchema } from './config/config-schema.ts'
export type { Environment } from './config/environment.ts'
export type { ConfigFlags } from './config/flags.ts'
export { type Config, type ConfigSources, readConfig } from './config/read-config.ts'
export { type CallbackOptions, createImnot, type Imnot, type ImnotOptions } from './create-imnot.ts'
export type { InlineDefinition } from './definitions/inline-definitions.ts'
export { type LoadOptions, loadDefinitions } from './definitions/load-definitions.ts'
export type { Bridge, BridgedEngine, BridgeOptions, Host, TakenRequest } from './http/bridge.ts'
export { isLoopbackHost } from './http/loopback.ts'
export { type MountableImnot, mountImnot } from './http/mount.ts'
export { type NodeHandler, toNodeHandler } from './http/node-handler.ts'
export { type CloseOptions, type RunningServer, type ServeOptions, serve } from './http/serve.ts'
export { type OpenStorageOptions, openStorage } from './open-storage.ts'
export type { EgressOptions } from './outbound/egress.ts'
export {
  createOutbound,
  type OutboundCalls,
  type OutboundOptions,
  type ResolvedAddress,
  type ResolveName,
} from './outbound/outbound.ts'
export { type LoadPatternsOptions, loadPatterns } from './patterns/load-patterns.ts'
