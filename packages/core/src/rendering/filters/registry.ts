import { collectionFilters } from './collections.ts'
import { dateFilters } from './dates.ts'
import { encodingFilters } from './encodings.ts'
import type { Filter } from './filter.ts'
import { valueFilters } from './values.ts'

/** The filters beyond Liquid's, and those that imnot does in its own way. The schema knows their names. */
export const ownFilters: Readonly<Record<string, Filter>> = {
  ...collectionFilters,
  ...dateFilters,
  ...encodingFilters,
  ...valueFilters,
}
