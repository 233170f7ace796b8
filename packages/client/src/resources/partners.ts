import { adminPath, type Caller } from '../caller.ts'
import type { PartnerInfo, RegisteredPartner, ReloadInfo } from '../shapes.ts'

/** The partners that are mocked. */
export interface Partners {
  list(): Promise<PartnerInfo[]>
  /**
   * Serves a definition at once, on every node, and keeps it in the storage. Text is a `partner.yaml`; an object is one as
   * JSON. Throws `CONFLICT` where the partner is there already, `DEFINITION_INVALID` with every fault.
   */
  register(definition: string | Uint8Array | object, options?: RegisterPartner): Promise<RegisteredPartner>
  /** Of those that were registered; a file's partner goes with its file. */
  remove(partner: string): Promise<void>
  /** Reads the definition files anew, on every node. */
  reload(): Promise<ReloadInfo>
}

export interface RegisterPartner {
  /** Takes the place of a partner that is there already. @default false */
  readonly force?: boolean | undefined
}

export function createPartners(call: Caller): Partners {
  return {
    list: () => call.json('GET', adminPath('partners')),
    register: (definition, { force } = {}) =>
      call.json('POST', adminPath('partners'), {
        query: { force: force ? 'true' : undefined },
        headers: { 'content-type': 'application/yaml' },
        body: isText(definition) ? definition : JSON.stringify(definition, null, 2),
      }),
    async remove(partner) {
      await call('DELETE', adminPath('partners', partner))
    },
    reload: () => call.json('POST', adminPath('reload')),
  }
}

function isText(definition: string | Uint8Array | object): definition is string | Uint8Array {
  return typeof definition === 'string' || definition instanceof Uint8Array
}
