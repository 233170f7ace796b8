import { createImnot } from '@imnot/node'
import { createService } from './service.ts'

const { PORT: port = '3000', LODGE_URL: lodgeUrl, IMNOT_ADMIN_KEY: adminKey } = process.env

if (lodgeUrl !== undefined) {
  const service = await createService({ lodgeUrl: () => lodgeUrl })
  await service.listen({ port: Number(port) })
} else {
  // On a laptop and in staging the service is its own LODGE. With a key, testers upload payloads to /mock/imnot/admin/….
  const partners = `${import.meta.dirname}/../partners`
  const imnot = await createImnot({ partners, adminKeys: [adminKey], admin: adminKey !== undefined })
  const service = await createService({ lodgeUrl: () => `http://127.0.0.1:${port}/mock`, imnot })
  service.addHook('onClose', () => imnot.close())
  await service.listen({ port: Number(port) })
}
