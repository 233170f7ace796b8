import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { imnotExpress } from '@imnot/express'
import { createImnot } from '@imnot/node'

import express = require('express')

async function main(): Promise<void> {
  const imnot = await createImnot({ partners: join(__dirname, '../partners'), admin: false })
  const app = express()
  app.use(express.json())
  app.use('/mock', imnotExpress(imnot))

  const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const tokenUrl = process.env.TOKEN_URL ?? `${url}/mock/oauth/token`
    app.get('/token', (_request, response, next) => {
      countParts(tokenUrl).then((parts) => response.json({ parts }), next)
    })
    console.log(url)
  })
}

/** Of how many parts the partner's token is: a JWT has three. */
async function countParts(tokenUrl: string): Promise<number> {
  const granted = await fetch(tokenUrl, { method: 'POST' })
  const { access_token: token } = (await granted.json()) as { access_token: string }
  return token.split('.').length
}

void main()
