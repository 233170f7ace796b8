import type { OauthOperation } from '@imnot/schema'
import type { EndpointBehaviour } from '../../patterns/pattern.ts'
import type { OauthContext } from '../provider.ts'
import { compileAuthorize } from './authorize.ts'
import { compileDevice } from './device.ts'
import { compileDiscovery } from './discovery.ts'
import { compileIntrospect } from './introspect.ts'
import { compileJwks } from './jwks.ts'
import { compileRevoke } from './revoke.ts'
import { compileUserinfo } from './userinfo.ts'

/** What an endpoint does that hands out no token. */
export const oauthOperations: Readonly<Record<OauthOperation, (context: OauthContext) => EndpointBehaviour>> = {
  authorize: compileAuthorize,
  device: compileDevice,
  introspect: compileIntrospect,
  revoke: compileRevoke,
  userinfo: compileUserinfo,
  jwks: compileJwks,
  discovery: compileDiscovery,
}
