/**
 * Libraries that a definition may never need. None is imported before a definition or a request first needs it, so that
 * imnot starts fast.
 */
const importers = {
  liquid: () => import('liquidjs'),
  jsonpath: () => import('json-p3'),
  re2: () => import('re2js'),
  jsonc: async () => exportsOf(await import('jsonc-parser')),
  ajv: async () => {
    const [draft7, draft2019, draft2020, formats] = await Promise.all([
      import('ajv'),
      import('ajv/dist/2019.js'),
      import('ajv/dist/2020.js'),
      import('ajv-formats'),
    ])
    return {
      Ajv: exportsOf(draft7).Ajv,
      Ajv2019: exportsOf(draft2019).Ajv2019,
      Ajv2020: exportsOf(draft2020).Ajv2020,
      addFormats: exportsOf(exportsOf(formats)) as unknown as FormatsPlugin,
    }
  },
  jose: () => import('jose'),
  xml: async () => {
    const [xmldom, xpath] = await Promise.all([import('@xmldom/xmldom'), import('xpath')])
    return { xmldom: exportsOf(xmldom), xpath: exportsOf(xpath) }
  },
}

/** Of a CommonJS module: a bundle hands on nothing but its default. */
function exportsOf<Module>(module: Module): Module {
  return (module as { readonly default?: Module }).default ?? module
}

/** As the plugin is called; its own types are those of a default export that bundles and Node read differently. */
type FormatsPlugin = (ajv: object) => void

type Importers = typeof importers
export type LibraryName = keyof Importers
type Library<Name extends LibraryName> = Awaited<ReturnType<Importers[Name]>>

const loaded = new Map<LibraryName, unknown>()

/** Thrown by `library` where what it names is not loaded yet. */
class LibraryNeeded extends Error {
  constructor(readonly library: LibraryName) {
    super(`The library ${library} is not loaded; compile within withLibraries.`)
  }
}

/**
 * The library, at once. Where it is not loaded yet it throws what `withLibraries` understands; so compiling stays
 * synchronous and says nothing of its needs beforehand.
 */
export function library<Name extends LibraryName>(name: Name): Library<Name> {
  const found = loaded.get(name)
  if (found === undefined) throw new LibraryNeeded(name)
  return found as Library<Name>
}

/** For those who catch what else may be thrown around `library`. */
export function isLibraryNeeded(error: unknown): boolean {
  return error instanceof LibraryNeeded
}

export async function loadLibrary(name: LibraryName): Promise<void> {
  if (!loaded.has(name)) loaded.set(name, await importers[name]())
}

/** Runs the task, and runs it again with each library that it turned out to need. The task must not mind that. */
export async function withLibraries<T>(task: () => T): Promise<T> {
  for (;;) {
    try {
      return task()
    } catch (error) {
      if (!(error instanceof LibraryNeeded)) throw error
      await loadLibrary(error.library)
    }
  }
}
