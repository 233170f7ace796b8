/** Named one by one, so that the bundled command holds them and none of them brings a second copy of the engine with it. */
export const firstPartyStorages: Readonly<Record<string, () => Promise<unknown>>> = {
  '@imnot/storage-sqlite': () => import('@imnot/storage-sqlite'),
  '@imnot/storage-postgres': () => import('@imnot/storage-postgres'),
  '@imnot/storage-redis': () => import('@imnot/storage-redis'),
}
