import { postgresForTests, provideServer } from './test-servers.ts'

/** Global setup of the tests that need a Postgres. */
export const setup = () => provideServer(postgresForTests)
