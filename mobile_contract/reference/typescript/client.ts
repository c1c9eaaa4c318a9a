/**
 * The contract over fetch, with types made from v1/openapi.json. It knows no queue and keeps nothing.
 *
 *   npx openapi-typescript@7 v1/openapi.json --default-non-nullable false --output contract.d.ts
 *
 * Every call resolves, never rejects, with what an offline queue has to know: `refused` is for the person, by
 * `problem.code`; `later` is to be sent again as it is, after `waitS` seconds where the service has said so.
 */
import type { components, operations } from './contract'

type Schemas = components['schemas']
export type Report = Schemas['ReportIn']
export type Addition = Schemas['AnswerIn']
export type Claim = Schemas['ClaimIn']
export type Work = Schemas['WorkIn']
export type Problem = Schemas['Problem']
export type Answer<Name extends keyof operations> = operations[Name]['responses'][200]['content']['application/json']
export type PhotoFields = Omit<Schemas['PhotoForm'], 'file'>

export type Outcome<Body> =
  | { what: 'done'; status: number; body: Body; etag: string | null }
  | { what: 'unchanged'; status: 304 }
  | { what: 'refused'; status: number; problem: Problem }
  | { what: 'later'; status: number; problem: Problem | null; waitS: number | null }

const TIMEOUT_MS = 60_000

export function makeClient(base: string) {
  async function call<Body>(path: string, options: RequestInit): Promise<Outcome<Body>> {
    try {
      const answer = await fetch(base + path, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) })
      return await outcome<Body>(answer)
    } catch {
      return { what: 'later', status: 0, problem: null, waitS: null } // no network, or none in time
    }
  }

  function get<Body>(path: string, etag?: string): Promise<Outcome<Body>> {
    return call(path, { headers: etag ? { 'If-None-Match': etag } : {} })
  }

  function post<Body>(path: string, body: unknown): Promise<Outcome<Body>> {
    const headers = { 'Content-Type': 'application/json' }
    return call(path, { method: 'POST', headers, body: JSON.stringify(body) })
  }

  return {
    getConfig: (etag?: string) => get<Answer<'get_config'>>('/m/v1/config', etag),
    getTowns: (etag?: string) => get<Answer<'get_towns'>>('/m/v1/towns', etag),
    getChanges: (cursor?: string, limit = 100) =>
      get<Answer<'get_changes'>>(`/m/v1/sync?${new URLSearchParams({ limit: `${limit}`, ...(cursor ? { cursor } : {}) })}`),
    sendReport: (report: Report) => post<Answer<'send_report'>>('/m/v1/reports', report),
    proveWork: (work: Work) => post<Answer<'prove_work'>>('/m/v1/works', work),
    trackReport: (code: string) => post<Answer<'track_report'>>('/m/v1/tracking', { tracking_code: code }),
    addAnswer: (addition: Addition) => post<Answer<'add_answer'>>('/m/v1/answers', addition),
    claimReward: (claim: Claim) => post<Answer<'claim_reward'>>('/m/v1/claims', claim),
    sendPhoto: (fields: PhotoFields, file: Blob) => {
      const body = new FormData()
      for (const [name, value] of Object.entries(fields)) body.append(name, value)
      body.append('file', file, 'photo')
      return call<Answer<'send_photo'>>('/m/v1/photos', { method: 'POST', body })
    },
  }
}

async function outcome<Body>(answer: Response): Promise<Outcome<Body>> {
  const status = answer.status
  if (status === 304) return { what: 'unchanged', status }
  const kind = answer.headers.get('Content-Type')?.split(';')[0]
  if (answer.ok && kind === 'application/json') {
    return { what: 'done', status, body: (await answer.json()) as Body, etag: answer.headers.get('ETag') }
  }
  const problem = kind === 'application/problem+json' ? ((await answer.json()) as Problem) : null
  if (problem && !problem.retryable) return { what: 'refused', status, problem }
  const wait = Number(answer.headers.get('Retry-After'))
  return { what: 'later', status, problem, waitS: wait > 0 ? wait : null } // without a problem a proxy has answered
}
