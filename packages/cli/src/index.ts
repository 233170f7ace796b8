export { main } from './main.ts'
export type { Terminal } from './output/terminal.ts'
