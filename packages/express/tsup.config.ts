import { packageBuild } from '@imnot/tooling/tsup'
import { defineConfig } from 'tsup'

export default defineConfig(packageBuild())
