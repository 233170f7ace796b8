import { GitbeakerRequestError, Gitlab } from '@gitbeaker/rest'
import { expect, test } from 'vitest'
import { servePartner } from '../support/serve-partner.ts'

async function connect() {
  const { url, imnot } = await servePartner('gitbeaker')
  return { url, imnot, gitlab: new Gitlab({ host: url, token: 'glpat-mock' }) }
}

/** What the client throws for a request that is refused. */
async function refused(call: Promise<unknown>) {
  const error = await call.then(
    () => expect.fail('it was not refused'),
    (thrown: unknown) => thrown as GitbeakerRequestError,
  )
  expect(error).toBeInstanceOf(GitbeakerRequestError)
  return { status: error.cause?.response.status, description: error.cause?.description }
}

test('the client goes from page to page by the header Link, in either way of paging', async () => {
  const { gitlab } = await connect()
  const names = ['Alpha', 'Beta', 'Gamma', 'Delta', 'Epsilon']
  for (const name of names) await gitlab.Projects.create({ name, visibility: name === 'Beta' ? 'public' : 'private' })
  const namesOf = (projects: readonly { readonly name: unknown }[]) => projects.map(({ name }) => name)

  expect(namesOf(await gitlab.Projects.all({ perPage: 2, orderBy: 'id', sort: 'asc' }))).toEqual(names)
  expect(namesOf(await gitlab.Projects.all({ perPage: 2 }))).toEqual([...names].reverse())
  expect(namesOf(await gitlab.Projects.all({ perPage: 2, maxPages: 2, orderBy: 'id', sort: 'asc' }))).toHaveLength(4)
  expect(namesOf(await gitlab.Projects.all({ visibility: 'public' }))).toEqual(['Beta'])
  expect(namesOf(await gitlab.Projects.all({ search: 'lta' }))).toEqual(['Delta'])

  const second = await gitlab.Projects.all({
    pagination: 'offset',
    perPage: 2,
    page: 2,
    orderBy: 'name',
    sort: 'asc',
    showExpanded: true,
  })
  expect(namesOf(second.data)).toEqual(['Delta', 'Epsilon'])
  expect(second.paginationInfo).toEqual({ total: 5, next: 3, current: 2, previous: 1, perPage: 2, totalPages: 3 })

  const keyset = { pagination: 'keyset', orderBy: 'id', perPage: 2 } as const
  expect(namesOf(await gitlab.Projects.all({ ...keyset, sort: 'asc' }))).toEqual(names)
  expect(namesOf(await gitlab.Projects.all({ ...keyset, sort: 'desc' }))).toEqual([...names].reverse())
})

test('issues are numbered in their project, listed as they are now, edited and closed', async () => {
  const { gitlab } = await connect()
  const [web, app] = [await gitlab.Projects.create({ name: 'Web' }), await gitlab.Projects.create({ name: 'App' })]
  const first = await gitlab.Issues.create(web.id, 'It breaks', { labels: 'bug,urgent' })
  const second = await gitlab.Issues.create(web.id, 'It is slow')
  const other = await gitlab.Issues.create(app.id, 'It is ugly', { description: 'Very "ugly" & <more>' })
  expect([first.iid, second.iid, other.iid]).toEqual([1, 2, 1])
  expect(new Set([first.id, second.id, other.id]).size).toBe(3)
  expect(first).toMatchObject({ project_id: web.id, state: 'opened', labels: ['bug', 'urgent'], closed_at: null })
  expect(other.description).toBe('Very "ugly" & <more>')

  const closed = await gitlab.Issues.edit(web.id, first.iid, { stateEvent: 'close', title: 'It broke' })
  expect(closed).toMatchObject({ iid: 1, state: 'closed', title: 'It broke', closed_at: expect.stringMatching(/Z$/) })
  type Asked = {
    projectId: number
    state?: string
    sort?: 'asc'
    orderBy?: 'created_at'
    perPage?: number
    labels?: string
  }
  const titles = async (asked: Asked) => (await gitlab.Issues.all<false, 'offset'>(asked)).map(({ title }) => title)
  expect(await titles({ projectId: web.id, state: 'opened' })).toEqual(['It is slow'])
  expect(await titles({ projectId: web.id, sort: 'asc', orderBy: 'created_at', perPage: 1 })).toEqual([
    'It broke',
    'It is slow',
  ])
  expect(await titles({ projectId: web.id, labels: 'urgent' })).toEqual(['It broke'])
  expect(await titles({ projectId: app.id })).toEqual(['It is ugly'])

  await gitlab.Issues.remove(web.id, first.iid)
  expect(await refused(gitlab.Issues.show(first.iid, { projectId: web.id }))).toEqual({
    status: 404,
    description: '404 Issue Not Found',
  })
})

test('what is there already is a conflict that the client throws', async () => {
  const { gitlab } = await connect()
  const { id } = await gitlab.Projects.create({ name: 'Web' })
  expect(await refused(gitlab.Projects.create({ name: 'web' }))).toEqual({
    status: 400,
    description: '{"name":["has already been taken"],"path":["has already been taken"]}',
  })
  const label = await gitlab.ProjectLabels.create(id, 'bug', '#ff0000')
  expect(label).toMatchObject({ id: 1, name: 'bug', color: '#ff0000' })
  const again = { status: 409, description: 'Label already exists' }
  expect(await refused(gitlab.ProjectLabels.create(id, 'bug', '#00ff00'))).toEqual(again)
  expect(await refused(gitlab.ProjectLabels.create(99, 'bug', '#00ff00'))).toMatchObject({ status: 404 })
  expect((await gitlab.ProjectLabels.all(id)).map(({ name }) => name)).toEqual(['bug'])

  const request = await gitlab.MergeRequests.create(id, 'feature', 'main', 'Add a feature')
  expect(request).toMatchObject({ iid: 1, state: 'opened', source_branch: 'feature' })
  expect(await refused(gitlab.MergeRequests.create(id, 'feature', 'main', 'The same again'))).toEqual({
    status: 409,
    description: '["Another open merge request already exists for this source branch: !1"]',
  })
  expect(await gitlab.MergeRequests.merge(id, request.iid)).toMatchObject({ state: 'merged' })
  expect(await refused(gitlab.MergeRequests.merge(id, request.iid))).toMatchObject({ status: 405 })
  expect((await gitlab.MergeRequests.create(id, 'feature', 'main', 'And again')).iid).toBe(2)
})

test('a project that is gone, and a token that is wrong, are told', async () => {
  const { gitlab, url } = await connect()
  const { id } = await gitlab.Projects.create({ name: 'Web' })
  expect(await gitlab.Projects.show(id)).toMatchObject({ id, path_with_namespace: 'ada/web', default_branch: 'main' })
  await gitlab.Projects.remove(id)
  expect(await refused(gitlab.Projects.show(id))).toEqual({ status: 404, description: '404 Project Not Found' })
  const stranger = new Gitlab({ host: url, token: 'wrong' })
  expect(await refused(stranger.Projects.all())).toEqual({ status: 401, description: '401 Unauthorized' })
})
