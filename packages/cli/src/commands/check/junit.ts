import type { ConductReport, JudgedRule } from '@imnot/client'

/** The report as CI systems read it: a case for each rule, skipped where there was no occasion. */
export function toJunit({ rules, session_id, dropped }: ConductReport): string {
  const failures = rules.filter(({ verdict }) => verdict === 'violated').length
  const skipped = rules.filter(({ verdict }) => verdict === 'no_occasion').length
  const name = session_id === null ? 'imnot check' : `imnot check of session ${session_id}`
  const counts = `tests="${rules.length}" failures="${failures}" errors="0" skipped="${skipped}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${escaped(name)}" ${counts}>`,
    ...rules.map(testCase),
    ...(dropped > 0 ? [`    <system-err>${dropped} requests came too fast to be written down.</system-err>`] : []),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function testCase({ rule, expects, verdict, findings }: JudgedRule): string {
  const open = `    <testcase classname="imnot.conduct" name="${escaped(rule)}"`
  if (verdict === 'ok') return `${open}/>`
  if (verdict === 'no_occasion') return `${open}><skipped message="There was no occasion."/></testcase>`
  const told = findings.map(({ detail, requests, deliveries }) =>
    [detail, ...requests.map((id) => `request ${id}`), ...deliveries.map((id) => `callback ${id}`)].join('\n'),
  )
  return `${open}><failure message="${escaped(expects)}">${escaped(told.join('\n\n'))}</failure></testcase>`
}

/** Without the characters that XML 1.0 cannot say. */
function escaped(text: string): string {
  return text
    .replace(/[\p{Cc}\uFFFE\uFFFF]/gu, (character) => (/[\t\n\r]/.test(character) ? character : '?'))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
