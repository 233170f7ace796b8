export { type ExpressMiddleware, imnotExpress } from './imnot-express.ts'
