import { soap } from 'strong-soap'
import { expect, test } from 'vitest'
import { servePartner } from '../support/serve-partner.ts'

type Operation = (input: unknown) => Promise<{ readonly result: unknown }>

async function connect() {
  const { url, imnot } = await servePartner('reservations-soap')
  const client = await new Promise<Record<string, Operation>>((resolve, reject) => {
    soap.createClient(`${url}/soap/reservations?wsdl`, {}, (error, created) => {
      if (error) reject(error)
      else resolve(created as unknown as Record<string, Operation>)
    })
  })
  const call = async (name: string, input: unknown) => (await client[name]?.(input))?.result
  return { url, imnot, call }
}

test('a booking is pending, then confirmed, with what was sent in it', async () => {
  const { call } = await connect()
  const nights = ['2026-12-24', '2026-12-25']
  const booked = await call('Book', { BookRequest: { HotelCode: 'H1', Guest: 'Ada & "Söhne" <x>', Night: nights } })
  const ticket = (booked as { readonly Ticket: string }).Ticket
  expect(ticket).toMatch(/^RES-\d{6}$/)

  const ask = { GetReservationRequest: { Ticket: ticket } }
  expect(await call('GetReservation', ask)).toMatchObject({ Status: 'PENDING' })
  expect(await call('GetReservation', ask)).toMatchObject({
    Status: 'CONFIRMED',
    Guest: 'Ada & "Söhne" <x>',
    // The client writes a date in UTC.
    Rate: [
      { $attributes: { night: '2026-12-24Z' }, $value: '100.50' },
      { $attributes: { night: '2026-12-25Z' }, $value: '200.50' },
    ],
  })
})

test('a ticket that nobody has is a fault that the client throws', async () => {
  const { call } = await connect()
  await expect(call('GetReservation', { GetReservationRequest: { Ticket: 'RES-404' } })).rejects.toThrow(/RES-404/)
})
