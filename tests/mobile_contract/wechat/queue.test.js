const assert = require('node:assert/strict')
const { createHash, randomBytes } = require('node:crypto')
const { test } = require('node:test')

const { makeClient } = require('../../../mobile_contract/reference/wechat/client.js')
const { makeQueue } = require('../../../mobile_contract/reference/wechat/queue.js')
const { sha256 } = require('../../../mobile_contract/reference/wechat/sha256.js')
const { Phone } = require('./fake_wx.js')

const REPORT = { category: 'FIR-01', text: '二楼安全出口被货物堵死，推不开门。', emergency: { answer: 'none' } }
const OK = { status: 201, headers: { ETag: '"1"' }, text: '{"tracking_code": "7K3M"}' }

function problem(status, code, retryable, more = {}) {
  return { status, headers: {}, text: JSON.stringify({ code, status, retryable, ...more }) }
}

/** A phone, its queue, and a service that answers what `says(ask)` gives, or takes it. */
function setUp({ says = () => OK, ...limits } = {}) {
  const at = { ms: 0 }
  const asked = []
  const phone = new Phone({
    ...limits,
    network: async (ask) => {
      asked.push(ask)
      return says(ask, asked.length)
    },
  })
  const begin = (wx) => {
    const client = makeClient({ base: 'https://the.district.example', wx })
    return makeQueue({ wx, client, now: () => at.ms, random: () => 1 })
  }
  const taken = () => asked.map((ask) => ask.path.split('/').pop())
  return { phone, queue: begin(phone.wx()), begin, asked, taken, at }
}

const picture = (phone, content = randomBytes(500)) => ({ tempFilePath: phone.choose(content), capture: 'camera' })

test('the hash is the one that everybody else computes', () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 70001]) {
    const content = randomBytes(length)
    const whole = content.buffer.slice(content.byteOffset, content.byteOffset + length)
    assert.equal(sha256(whole), createHash('sha256').update(content).digest('hex'))
  }
})

test('a report with photos leaves a phone that was without network and was ended meanwhile, once and whole', async () => {
  let away = true
  const { phone, queue, begin, asked, taken, at } = setUp({ says: () => (away ? 'cut' : OK) })
  const contents = [randomBytes(900), randomBytes(700)]
  const id = await queue.addReport(REPORT, contents.map((each) => picture(phone, each)))
  await queue.flush()
  assert.equal(queue.pending().length, 3)

  away = false
  const later = begin(phone.restart())
  asked.length = 0
  await later.flush()
  assert.deepEqual(taken(), [], 'it waits before it tries again')
  at.ms = 2000
  await later.flush()

  assert.deepEqual(taken(), ['reports', 'photos', 'photos'])
  const [report, ...photos] = asked
  const { photos: promised, ...said } = JSON.parse(report.body)
  assert.deepEqual(said, { ...REPORT, id })
  for (const [place, content] of contents.entries()) {
    const hash = createHash('sha256').update(content).digest('hex')
    const sent = photos.find((each) => each.form.sha256 === hash)
    assert.deepEqual(sent.file, content)
    assert.deepEqual(promised[place], { id: sent.form.photo_id, sha256: hash, bytes: content.length, capture: 'camera' })
    assert.equal(sent.form.report_id, id)
  }
  assert.deepEqual(later.receipt(id), { tracking_code: '7K3M' })
  assert.deepEqual([later.pending(), phone.disk.size], [[], 0])
})

test('where an answer gets lost the same is sent again', async () => {
  const { queue, asked, at } = setUp({ says: (_, count) => (count === 1 ? 'cut' : OK) })
  const id = await queue.addReport(REPORT)
  await queue.flush()
  at.ms = 10_000
  await queue.flush()
  assert.equal(asked[0].body, asked[1].body)
  assert.equal(queue.receipt(id).tracking_code, '7K3M')
})

test('emergencies go first, photos three at a time, additions last', async () => {
  const { phone, queue, asked, taken } = setUp()
  await queue.addReport(REPORT, Array.from({ length: 9 }, () => picture(phone)))
  await queue.addAnswer('r', { tracking_code: '7K3M', kind: 'supplement', text: '还在。' })
  const urgent = await queue.addReport({ ...REPORT, emergency: { answer: 'fire' } })
  await Promise.all([queue.flush(), queue.flush()])
  assert.equal(JSON.parse(asked[0].body).id, urgent)
  assert.deepEqual(taken(), ['reports', 'reports', ...Array(9).fill('photos'), 'answers'])
  assert.equal(phone.mostOpen, 3)
})

test('what the service asks to wait for is waited for, and a page of a proxy is no refusal', async () => {
  const answers = [problem(503, 'intake.busy', true, { retry_after_s: 40 }), { status: 502, headers: {}, text: '<html>' }]
  answers.push({ status: 200, headers: {}, text: '<html>sign in to this network</html>' }, OK)
  const { queue, asked, at } = setUp({ says: () => answers.shift() })
  await queue.addReport(REPORT)
  await queue.flush()
  for (const [ms, tries] of [[39_000, 1], [40_000, 2], [43_999, 2], [44_000, 3], [52_000, 4]]) {
    at.ms = ms
    await queue.flush()
    assert.equal(asked.length, tries, `after ${ms} ms`)
  }
  assert.deepEqual(queue.pending(), [])
})

test('a refused report is shown with what was entered, and goes again as corrected with its photos', async () => {
  let refuses = true
  const says = ({ path }) => (refuses && path.endsWith('reports') ? problem(422, 'report.place_missing', false) : OK)
  const { phone, queue, asked, taken } = setUp({ says })
  const id = await queue.addReport(REPORT, [picture(phone)])
  await queue.flush()
  assert.deepEqual(taken(), ['reports'], 'its photo is not sent for nothing')
  const [told] = queue.refused()
  assert.deepEqual([told.problem.code, told.body.text, queue.pending()], ['report.place_missing', REPORT.text, []])

  refuses = false
  const next = await queue.again(id, { ...REPORT, address: '人民路 1 号' })
  await queue.flush()
  assert.notEqual(next, id)
  assert.deepEqual(taken(), ['reports', 'reports', 'photos'])
  assert.equal(JSON.parse(asked[1].body).photos[0].id, asked[2].form.photo_id)
  assert.deepEqual([queue.refused(), phone.disk.size], [[], 0])
})

test('what belongs to a report that was withdrawn goes with it', async () => {
  const says = ({ path }) => (path.endsWith('photos') ? problem(409, 'report.withdrawn', false) : OK)
  const { phone, queue, taken } = setUp({ says })
  await queue.addReport(REPORT, Array.from({ length: 6 }, () => picture(phone)))
  await queue.flush()
  assert.deepEqual([queue.pending(), phone.disk.size], [[], 0])
  assert.ok(taken().length <= 4, 'the rest is not sent any more')
})

test('a photo that is torn three times is hashed anew, and kept where it is still the same', async () => {
  const says = ({ path }) => (path.endsWith('photos') ? problem(422, 'photo.checksum', true) : OK)
  const { phone, queue, at } = setUp({ says })
  await queue.addReport(REPORT, [picture(phone)])
  const tries = async (many) => {
    for (let i = 0; i < many; i += 1) {
      at.ms += 400_000
      await queue.flush()
    }
  }
  await tries(4)
  assert.equal(queue.pending().length, 1)
  const [path] = phone.disk.keys()
  phone.disk.set(path, randomBytes(10))
  await tries(3)
  assert.deepEqual([queue.pending().length, queue.refused()[0].problem.code], [0, 'photo.checksum'])
})

test('a full phone says so and keeps nothing by halves', async () => {
  for (const limits of [{ storageBytes: 700 }, { diskBytes: 600 }]) {
    const { phone, queue, asked } = setUp(limits)
    await assert.rejects(queue.addReport(REPORT, [picture(phone), picture(phone)]))
    await queue.flush()
    assert.deepEqual([queue.pending(), phone.disk.size, asked.length], [[], 0, 0])
    assert.ok(![...phone.storage.keys()].some((key) => key.startsWith('jz.item.')))
  }
})

test('what is under way in the background is interrupted, and goes on when the program comes back', async () => {
  const { phone, queue, at, asked } = setUp({ says: () => new Promise(() => {}) })
  await queue.addReport(REPORT)
  const flushed = queue.flush()
  while (!asked.length) await new Promise(setImmediate)
  phone.goBackground()
  await flushed
  assert.equal(queue.pending().length, 1)

  phone.network = async () => OK
  phone.wx().onAppShow(() => queue.flush())
  at.ms = 5000
  phone.comeBack()
  await queue.flush()
  assert.deepEqual([queue.pending(), asked.length], [[], 1])
})

test('a listener hears how much waits', async () => {
  const { phone, queue } = setUp()
  const heard = []
  queue.onChange((waiting) => heard.push(waiting))
  await queue.addReport(REPORT, [picture(phone)])
  await queue.flush()
  assert.deepEqual(heard, [2, 1, 0])
})

test('the client tells unchanged from new, by an ETag in whatever case', async () => {
  const says = ({ header }) => (header['If-None-Match'] ? { status: 304, headers: {}, text: '' } : OK)
  const { phone } = setUp({ says })
  const client = makeClient({ base: 'https://the.district.example', wx: phone.wx() })
  const first = await client.getConfig()
  assert.equal(first.etag, '"1"')
  assert.equal((await client.getConfig(first.etag)).what, 'unchanged')
})
