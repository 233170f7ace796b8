import { flowWithAttempts } from '../flows/flow-view.ts'
import { createScope, type Scope } from '../rendering/scope.ts'
import { isoText } from '../time/iso-text.ts'
import type { Exchange } from './exchange.ts'
import type { Situation } from './situation.ts'

/** What templates and conditions see of a request to a mocked endpoint. A feature that knows more extends it. */
export function scopeOfRequest(exchange: Exchange, situation: Situation): Scope {
  return createScope({
    request: () => exchange.view,
    flow: () => (situation.flow === null ? undefined : flowWithAttempts(situation.flow, situation)),
    token: () => exchange.credential.token?.claims,
    session: () => (situation.session === null ? undefined : viewSession(situation.session.value)),
    now: () => isoText(situation.clock.now),
    base_url: () => exchange.baseUrl,
    counters: () => Object.fromEntries(exchange.counted),
  })
}

/** What is known of a request before anything stored is read. */
export function requestScope(exchange: Exchange): Scope {
  return createScope({ request: () => exchange.view, base_url: () => exchange.baseUrl })
}

function viewSession({ id, label }: { readonly id: string; readonly label: string | null }): unknown {
  return label === null ? { id } : { id, label }
}
