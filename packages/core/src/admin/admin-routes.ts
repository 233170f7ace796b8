import { respondJson } from '../http/respond.ts'
import { mountPathOf } from '../routing/mount-path.ts'
import type { AdminServices } from './admin.ts'
import type { AdminRoute } from './admin-route.ts'
import { openApiDocument } from './openapi.ts'
import { clockRoutes } from './routes/clocks.ts'
import { conductRoutes } from './routes/conduct.ts'
import { deliveryRoutes } from './routes/deliveries.ts'
import { docsRoutes } from './routes/docs.ts'
import { flowRoutes } from './routes/flows.ts'
import { healthRoutes } from './routes/health.ts'
import { partnerRoutes } from './routes/partners.ts'
import { payloadRoutes } from './routes/payloads.ts'
import { postmanRoutes } from './routes/postman.ts'
import { requestRoutes } from './routes/requests.ts'
import { sessionArchiveRoutes } from './routes/session-archives.ts'
import { sessionRoutes } from './routes/sessions.ts'

/** Every address that is imnot's own. */
export function adminRoutes(services: AdminServices): readonly AdminRoute[] {
  const routes: AdminRoute[] = [
    ...healthRoutes(services),
    ...docsRoutes(),
    ...partnerRoutes(services),
    ...sessionRoutes(services),
    ...sessionArchiveRoutes(services),
    ...conductRoutes(services),
    ...clockRoutes(services),
    ...payloadRoutes(services),
    ...flowRoutes(services),
    ...deliveryRoutes(services),
    ...postmanRoutes(services),
    ...requestRoutes(services),
  ]
  const document: AdminRoute = {
    method: 'GET',
    path: '/imnot/admin/openapi.json',
    summary: 'This document',
    access: 'admin',
    answers: { 200: 'OpenAPI 3.1' },
    handle: ({ request }) => respondJson(200, openApiDocument([...routes, document], mountPathOf(request))),
  }
  return [...routes, document]
}
