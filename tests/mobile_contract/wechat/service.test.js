/** The reference client against a running service (JZ_BASE), over a network that loses every third answer. */
const assert = require('node:assert/strict')
const { readFileSync } = require('node:fs')
const { test } = require('node:test')
const { setTimeout: sleep } = require('node:timers/promises')

const { makeClient } = require('../../../mobile_contract/reference/wechat/client.js')
const { makeQueue } = require('../../../mobile_contract/reference/wechat/queue.js')
const { Phone } = require('./fake_wx.js')

const { JZ_BASE, JZ_PHOTO } = process.env
let asked = 0

async function network({ method, path, header, body, form, name, file }) {
  asked += 1
  if (asked % 3 === 1) return 'cut' // it never got there
  const options = { method, headers: header, body }
  if (form) {
    options.body = new FormData()
    for (const [key, value] of Object.entries(form)) options.body.append(key, value)
    options.body.append(name, new Blob([file], { type: 'image/jpeg' }), 'photo.jpg')
  }
  const answer = await fetch(JZ_BASE + path, options)
  const text = await answer.text()
  if (asked % 3 === 2) return 'cut' // it got there, and its answer was lost
  return { status: answer.status, headers: Object.fromEntries(answer.headers), text }
}

test('a report and its photo reach the service once, and its code shows them', async () => {
  const phone = new Phone({ network })
  const wx = phone.wx()
  const client = makeClient({ base: 'https://the.district.example', wx })
  let clock = 0
  const queue = makeQueue({ wx, client, now: () => (clock += 400_000) })
  const ask = async (call) => {
    for (let tries = 0; tries < 6; tries += 1) {
      const answer = await call()
      if (answer.what === 'done') return answer.body
    }
    throw new Error('never answered')
  }

  const config = await ask(() => client.getConfig())
  const id = await queue.addReport(
    {
      category: 'FIR-01',
      text: '二楼安全出口被货物堵死，推不开门，晚上有人住。',
      position: { lon: 120.6, lat: 31.3, crs: 'wgs84', accuracy_m: 8, method: 'gps' },
      observed_at: new Date().toISOString(),
      emergency: { answer: 'none' },
      notice_version: config.notice.version,
      client: 'wechat/1.0.0',
    },
    [{ tempFilePath: phone.choose(readFileSync(JZ_PHOTO)), capture: 'camera' }],
  )
  for (let tries = 0; queue.pending().length && tries < 12; tries += 1) await queue.flush()
  assert.deepEqual([queue.pending(), queue.refused()], [[], []])

  const receipt = queue.receipt(id)
  const progress = await ask(() => client.trackReport(receipt.tracking_code))
  assert.deepEqual([progress.reference, progress.photos.length], [receipt.reference, 1])
  await queue.addAnswer(id, { tracking_code: receipt.tracking_code, kind: 'supplement', text: '今天仍然堵着。' })
  for (let tries = 0; queue.pending().length && tries < 12; tries += 1) await queue.flush()
  for (let tries = 0; tries < 20; tries += 1) {
    const { timeline } = await ask(() => client.trackReport(receipt.tracking_code))
    if (timeline.length > 1) return
    await sleep(100)
  }
  assert.fail('the supplement is not on the timeline')
})
