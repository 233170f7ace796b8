export { type ImnotFastifyOptions, imnotFastify } from './imnot-fastify.ts'
