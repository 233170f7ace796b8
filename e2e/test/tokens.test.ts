import { describe, expect, test } from 'vitest'
import { type InProcessNode, nodesInProcess } from '../support/nodes-in-process.ts'
import { sharedStorages } from '../support/storages.ts'

const partner = `partner: id
datapoints:
  - name: login
    pattern: oauth
    endpoints:
      - { operation: authorize, method: GET, path: /authorize }
      - { operation: revoke, method: POST, path: /revoke }
      - grant: [authorization_code, password, refresh_token]
        method: POST
        path: /token
        response: { refresh_token: rotate }
  - name: me
    pattern: static
    endpoints: [{ method: GET, path: /me, auth: login, response: { body: { sub: "{{ token.sub }}", flow: "{{ flow.id }}" } } }]
`
const callback = 'https://app.test/cb'

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}

type Node = Pick<InProcessNode, 'url'>

const post = (node: Node, path: string, form: Readonly<Record<string, string>>) =>
  fetch(node.url + path, { method: 'POST', body: new URLSearchParams({ client_id: 'app', ...form }) })

async function tokensOf(response: Response): Promise<Tokens> {
  expect(response.status).toBe(200)
  return (await response.json()) as Tokens
}

async function login(node: Node): Promise<Tokens> {
  return tokensOf(await post(node, '/token', { grant_type: 'password', username: 'ada', password: 'x' }))
}

const me = (node: Node, token: string) => fetch(`${node.url}/me`, { headers: { authorization: `Bearer ${token}` } })

for (const storage of await sharedStorages()) {
  const title = storage.missing === null ? storage.name : `${storage.name} (skipped: ${storage.missing})`
  describe.skipIf(storage.missing !== null)(`tokens of two nodes on one ${title}`, () => {
    async function two(): Promise<readonly [Node, Node]> {
      const [a, b] = await nodesInProcess(storage, 2, [partner])
      if (a === undefined || b === undefined) throw new Error('There are no two nodes.')
      return [a, b]
    }

    test('that were issued by one are let in by the other, with the flow of their grant', async () => {
      const [a, b] = await two()
      const { access_token: token } = await login(a)
      const answer = await me(b, token)
      expect(await answer.json()).toEqual({ sub: 'ada', flow: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    })

    test('a code counts once, whichever node it is shown to, and however many are shown it at once', async () => {
      const [a, b] = await two()
      const query = new URLSearchParams({ response_type: 'code', client_id: 'app', redirect_uri: callback })
      for (let round = 0; round < 10; round++) {
        const redirect = await fetch(`${a.url}/authorize?${query}`, { redirect: 'manual' })
        const code = new URL(redirect.headers.get('location') ?? '').searchParams.get('code') ?? ''
        const form = { grant_type: 'authorization_code', code, redirect_uri: callback }
        const answers = await Promise.all([a, b, a, b].map((node) => post(node, '/token', form)))
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400])
        const replay = await post(b, '/token', form)
        expect(await replay.json()).toMatchObject({ error: 'invalid_grant' })
      }
    })

    test('a rotated refresh token is void on both at once, and the chain goes on from node to node', async () => {
      const [a, b] = await two()
      let { refresh_token: current } = await login(a)
      for (let round = 0; round < 10; round++) {
        const form = { grant_type: 'refresh_token', refresh_token: current }
        const answers = await Promise.all([a, b, a, b].map((node) => post(node, '/token', form)))
        const won = answers.filter(({ status }) => status === 200)
        expect(won).toHaveLength(1)
        const next = await tokensOf(won[0] as Response)
        expect((await post(round % 2 === 0 ? a : b, '/token', form)).status).toBe(400)
        current = next.refresh_token
      }
    })

    test('a token that was revoked on one is refused by the other from then on', async () => {
      const [a, b] = await two()
      const tokens = await login(a)
      expect((await me(b, tokens.access_token)).status).toBe(200)
      expect((await post(a, '/revoke', { token: tokens.refresh_token })).status).toBe(200)
      expect((await me(b, tokens.access_token)).status).toBe(401)
      const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
      expect((await post(b, '/token', form)).status).toBe(400)
    })
  })
}
