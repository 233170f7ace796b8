import { provideServer, redisForTests } from './test-servers.ts'

/** Global setup of the tests that need a Redis. */
export const setup = () => provideServer(redisForTests)
