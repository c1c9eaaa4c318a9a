/** What the generated types let an app do, and what not; the test runs it against the mock. */
import { makeClient, type Report } from './client.ts'

export const report: Report = {
  id: '6f1d3c52-4c5e-4b0f-9d0e-0a6f3f6f2b12',
  category: 'FIR-01',
  text: '二楼安全出口被货物堵死，推不开门。',
  position: { lon: 120.6, lat: 31.3, crs: 'wgs84', accuracy_m: 8, method: 'gps' },
  observed_at: '2026-11-24T09:58:00+08:00',
  emergency: { answer: 'none' },
  notice_version: '2026-11',
  client: 'ts/1.0',
}

// @ts-expect-error -- a datum is said, for the wrong one is 500 m off
export const nowhere: Report = { ...report, position: { lon: 120.6, lat: 31.3, accuracy_m: 8, method: 'gps' } }
// @ts-expect-error -- and is one of four
export const elsewhere: Report = { ...report, position: { lon: 1, lat: 1, crs: 'mars', accuracy_m: 8, method: 'gps' } }
// @ts-expect-error -- the question about an emergency is answered before anything else
export const unasked: Report = { ...report, emergency: undefined }

export async function main(base: string): Promise<string> {
  const client = makeClient(base)
  const config = await client.getConfig()
  if (config.what !== 'done') return config.what
  const words: string = config.body.notice.text.zh
  const again = await client.getConfig(config.etag ?? undefined)
  const sent = await client.sendReport(report)
  if (sent.what !== 'done') return sent.what
  const state: string = (await trackedState(sent.body.tracking_code)) ?? 'unknown'
  const file = new Blob(['x'], { type: 'image/jpeg' })
  const photo = await client.sendPhoto({ photo_id: report.id, report_id: report.id, sha256: '0'.repeat(64) }, file)
  const stray = await client.sendReport({ ...report, text: '另一件事，却是同一个编号的举报。' })
  const code = stray.what === 'refused' ? stray.problem.code : stray.what
  return [words.length > 0, again.what, sent.status, sent.body.id, state, photo.what, code].join(' ')

  async function trackedState(trackingCode: string): Promise<string | null> {
    const found = await client.trackReport(trackingCode)
    // @ts-expect-error -- a refusal has no body to read a state from
    if (found.what === 'refused') return found.body.state
    return found.what === 'done' ? found.body.state : null
  }
}
