/**
 * The mobile contract over wx.request and wx.uploadFile. It knows no queue and keeps nothing.
 *
 * Every call resolves, never rejects, with what an offline queue has to know:
 *   { what: 'done' | 'unchanged' | 'refused' | 'later', status, body, etag, waitS }
 * `refused` is for the person, by `body.code`; `later` is to be sent again as it is, after `waitS` seconds where the
 * service has said so. A broken connection, and an answer that is no problem document, are `later`: a proxy said it.
 */
const TIMEOUT_MS = 60000 // what wx allows at most; a photo on a bad network needs it

function makeClient({ base, wx }) {
  function request(method, path, data, etag) {
    return new Promise((resolve) => {
      wx.request({
        url: base + path,
        method,
        data,
        timeout: TIMEOUT_MS,
        header: { 'Content-Type': 'application/json', ...(etag ? { 'If-None-Match': etag } : {}) },
        success: ({ statusCode, data: body, header }) => resolve(outcome(statusCode, body, header)),
        fail: () => resolve(later(0, null)),
      })
    })
  }

  function upload(path, formData, filePath) {
    return new Promise((resolve) => {
      wx.uploadFile({
        url: base + path,
        filePath,
        name: 'file',
        formData,
        timeout: TIMEOUT_MS,
        success: ({ statusCode, data }) => resolve(outcome(statusCode, read(data), {})),
        fail: () => resolve(later(0, null)),
      })
    })
  }

  return {
    getConfig: (etag) => request('GET', '/m/v1/config', undefined, etag),
    getTowns: (etag) => request('GET', '/m/v1/towns', undefined, etag),
    getChanges: (cursor, limit = 100) => request('GET', '/m/v1/sync', cursor ? { cursor, limit } : { limit }),
    sendReport: (report) => request('POST', '/m/v1/reports', report),
    sendPhoto: (form, filePath) => upload('/m/v1/photos', form, filePath),
    trackReport: (trackingCode) => request('POST', '/m/v1/tracking', { tracking_code: trackingCode }),
    addAnswer: (answer) => request('POST', '/m/v1/answers', answer),
    claimReward: (claim) => request('POST', '/m/v1/claims', claim),
  }
}

/** wx delivers every status through `success`; only what is in the body tells a refusal from a proxy's page. */
function outcome(status, body, header) {
  if (status >= 200 && status < 300 && isObject(body)) {
    return { what: 'done', status, body, etag: named(header, 'etag') }
  }
  if (status === 304) return { what: 'unchanged', status, body: null }
  const isProblem = isObject(body) && typeof body.code === 'string' && typeof body.retryable === 'boolean'
  if (isProblem && !body.retryable) return { what: 'refused', status, body }
  return later(status, isProblem ? body : null, header)
}

function later(status, body, header = {}) {
  const said = Number(named(header, 'retry-after') ?? (body && body.retry_after_s))
  return { what: 'later', status, body, waitS: said > 0 ? said : null }
}

/** wx.uploadFile gives its body as text, and no headers. */
function read(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** A header by its name in lower case; phones spell it as the server, or as they like. */
function named(header, name) {
  const key = Object.keys(header || {}).find((each) => each.toLowerCase() === name)
  return key === undefined ? undefined : header[key]
}

function isObject(body) {
  return typeof body === 'object' && body !== null
}

module.exports = { makeClient, TIMEOUT_MS }
