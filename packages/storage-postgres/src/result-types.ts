const INT8 = 20
const INT4 = 23
const INT8_ARRAY = 1016

const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [INT8]: Number,
  [INT4]: Number,
  [INT8_ARRAY]: (text) => text.slice(1, -1).split(',').map(Number),
}

/** How columns are read, whatever else was set for pg in this process or by the owner of an injected pool. */
export const resultTypes = {
  getTypeParser: (oid: number): ((text: string) => unknown) => parsers[oid] ?? String,
}
