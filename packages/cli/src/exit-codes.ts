export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  /** `EX_CONFIG` of sysexits: started this way it would be unsafe, or cannot be at all. */
  configuration: 78,
} as const
