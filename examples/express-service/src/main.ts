import { imnotExpress } from '@imnot/express'
import { createImnot } from '@imnot/node'
import { createService } from './service.ts'

const { PORT: port = '3000', ACME_URL: acmeUrl, IMNOT_ADMIN_KEY: adminKey } = process.env

if (acmeUrl !== undefined) {
  createService({ acmeUrl }).listen(Number(port))
} else {
  // On a laptop and in staging the service is its own ACME. With a key, testers upload payloads to /mock/imnot/admin/….
  const partners = `${import.meta.dirname}/../partners`
  const imnot = await createImnot({ partners, adminKeys: [adminKey], admin: adminKey !== undefined })
  createService({ acmeUrl: `http://127.0.0.1:${port}/mock`, mock: imnotExpress(imnot) }).listen(Number(port))
}
