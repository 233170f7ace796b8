import { randomBytes } from 'node:crypto'
import { Dropbox, DropboxResponseError } from 'dropbox'
import { expect, test } from 'vitest'
import { servePartner } from '../support/serve-partner.ts'

async function connect(accessToken = 'sl.token') {
  const { url } = await servePartner('dropbox')
  const { host } = new URL(url)
  // The client speaks HTTPS only, and in Node it takes bytes by the `buffer` of node-fetch; how it fetches is its own option.
  const overHttp: typeof fetch = async (input, init) => {
    const response = await fetch(String(input).replace(/^https:/, 'http:'), init)
    return Object.assign(response, { buffer: async () => Buffer.from(await response.arrayBuffer()) })
  }
  return new Dropbox({ accessToken, domain: host, domainDelimiter: '', fetch: overHttp })
}

test('a file comes back with the bytes that were uploaded, and with what is known of it', async () => {
  const dropbox = await connect()
  const contents = randomBytes(10_000)
  const uploaded = await dropbox.filesUpload({ path: '/Reports/Ünder.bin', contents })
  expect(uploaded.result).toMatchObject({ name: 'Ünder.bin', path_lower: '/reports/ünder.bin', size: 10_000 })
  const { result } = await dropbox.filesDownload({ path: '/Reports/Ünder.bin' })
  expect(result).toMatchObject({ name: 'Ünder.bin', rev: uploaded.result.rev, size: 10_000 })
  const { fileBinary } = result as unknown as { readonly fileBinary: Uint8Array }
  expect(Buffer.from(fileBinary).equals(contents)).toBe(true)
})

test('a folder is listed page by page, by the cursor that the client got', async () => {
  const dropbox = await connect()
  for (const name of ['c', 'a', 'b']) await dropbox.filesUpload({ path: `/${name}.txt`, contents: name })
  const first = await dropbox.filesListFolder({ path: '', limit: 2 })
  expect(first.result.entries.map(({ name }) => name)).toEqual(['a.txt', 'b.txt'])
  expect(first.result.has_more).toBe(true)
  const second = await dropbox.filesListFolderContinue({ cursor: first.result.cursor })
  expect(second.result).toMatchObject({ has_more: false, entries: [{ '.tag': 'file', name: 'c.txt' }] })
})

test('a job deletes, tells each element how it went, and what it deleted is gone once it is done', async () => {
  const dropbox = await connect()
  for (const name of ['a', 'b']) await dropbox.filesUpload({ path: `/${name}.txt`, contents: name })
  const started = await dropbox.filesDeleteBatch({ entries: [{ path: '/a.txt' }, { path: '/none.txt' }] })
  if (started.result['.tag'] !== 'async_job_id') throw new Error('no job')
  const { async_job_id } = started.result
  expect((await dropbox.filesDeleteBatchCheck({ async_job_id })).result['.tag']).toBe('in_progress')
  expect((await dropbox.filesListFolder({ path: '' })).result.entries).toHaveLength(2)
  expect((await dropbox.filesDeleteBatchCheck({ async_job_id })).result).toMatchObject({
    '.tag': 'complete',
    entries: [{ '.tag': 'success', metadata: { name: 'a.txt' } }, { '.tag': 'failure' }],
  })
  const left = await dropbox.filesListFolder({ path: '' })
  expect(left.result.entries.map(({ name }) => name)).toEqual(['b.txt'])
})

test('a file that is not there, one that is there already and a wrong token are the errors that the client knows', async () => {
  const dropbox = await connect()
  const missing = dropbox.filesDownload({ path: '/none.txt' })
  await expect(missing).rejects.toThrow(DropboxResponseError)
  await expect(missing).rejects.toMatchObject({ status: 409, error: { error_summary: 'path/not_found/..' } })
  await dropbox.filesUpload({ path: '/a.txt', contents: 'a' })
  const again = dropbox.filesUpload({ path: '/a.txt', contents: 'b' })
  await expect(again).rejects.toMatchObject({ status: 409, error: { error: { reason: { '.tag': 'conflict' } } } })
  const stranger = await connect('sl.other')
  await expect(stranger.filesListFolder({ path: '' })).rejects.toMatchObject({ status: 401 })
})
