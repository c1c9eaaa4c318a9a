/**
 * What a mini program has to send, kept in its storage until the service has it: reports, photos, additions.
 *
 * Everything survives the end of the program: an item is written before it is named in the list, its file lies in the
 * program's own folder, and a receipt is stored before its item goes. Whatever is sent twice is the same to the service.
 */
const { sha256 } = require('./sha256.js')

const LIST = 'jz.queue'
const FIRST_WAIT_S = 2
const LONGEST_WAIT_S = 300
const UPLOADS_AT_ONCE = 3
const CHECKSUM_TRIES = 3

function makeQueue({ wx, client, now = Date.now, random = Math.random }) {
  const files = wx.getFileSystemManager()
  const folder = `${wx.env.USER_DATA_PATH}/jingzhong`
  const listeners = []
  let running = null

  // --- putting in

  /** Queue a report with its photos (`{ tempFilePath, capture }`). Gives its id. Throws where the phone is full. */
  async function addReport(report, photos = []) {
    const id = await uuid()
    const kept = []
    try {
      for (const photo of photos) kept.push(await keepPhoto(id, photo))
      const body = { ...report, id, photos: kept.map((each) => each.promise) }
      put([{ key: id, kind: 'report', report: id, body }, ...kept.map((each) => each.item)])
    } catch (full) {
      for (const each of kept) drop(each.item)
      throw full
    }
    return id
  }

  /** Queue a supplement, an answer or a withdrawal for a report whose tracking code is known. Gives its id. */
  async function addAnswer(report, answer) {
    const id = await uuid()
    put([{ key: id, kind: 'answer', report, body: { ...answer, id } }])
    return id
  }

  /** A chosen picture lies where wx clears up: copy it into our folder, and hash what lies there. */
  async function keepPhoto(report, { tempFilePath, capture }) {
    const id = await uuid()
    const path = `${folder}/${id}`
    makeFolder()
    files.copyFileSync(tempFilePath, path)
    const content = files.readFileSync(path)
    const hash = sha256(content)
    const form = { photo_id: id, report_id: report, sha256: hash }
    return {
      promise: { id, sha256: hash, bytes: content.byteLength, capture },
      item: { key: id, kind: 'photo', report, form, path, capture },
    }
  }

  function put(items) {
    try {
      for (const item of items) wx.setStorageSync(`jz.item.${item.key}`, { tries: 0, notBefore: 0, mistaken: 0, ...item })
      wx.setStorageSync(LIST, [...keys(), ...items.map((each) => each.key)])
    } catch (full) {
      for (const item of items) wx.removeStorageSync(`jz.item.${item.key}`)
      throw full
    }
    tell()
  }

  // --- sending

  /** Send what is due: reports first, emergencies before all; then photos side by side; then additions in their order. */
  function flush() {
    running = running || run().finally(() => (running = null))
    return running
  }

  async function run() {
    const of = (kind) => due().filter((each) => each.kind === kind)
    for (const item of of('report').sort((a, b) => alarm(b) - alarm(a))) await send(item)
    const photos = of('photo')
    const hands = Array.from({ length: UPLOADS_AT_ONCE }, async () => {
      while (photos.length) await send(photos.shift())
    })
    await Promise.all(hands)
    for (const item of of('answer')) await send(item)
  }

  async function send(item) {
    if (!keys().includes(item.key)) return // dropped meanwhile, with its report
    settle(item, await deliver(item))
    tell()
  }

  function deliver(item) {
    if (item.kind === 'report') return client.sendReport(item.body)
    if (item.kind === 'photo') return client.sendPhoto(item.form, item.path)
    return client.addAnswer(item.body)
  }

  function settle(item, outcome) {
    if (outcome.what === 'done') {
      if (item.kind === 'report') wx.setStorageSync(`jz.receipt.${item.report}`, outcome.body)
      drop(item)
    } else if (outcome.what === 'later' && !isAnotherFile(item, outcome)) {
      postpone(item, outcome.waitS)
    } else {
      refuse(item, outcome.body)
    }
  }

  /** Torn three times on the way: hash anew, and give up where the file is no longer the one that was promised. */
  function isAnotherFile(item, outcome) {
    if (!outcome.body || outcome.body.code !== 'photo.checksum') return false
    item.mistaken += 1
    if (item.mistaken < CHECKSUM_TRIES) return false
    item.mistaken = 0
    return sha256(files.readFileSync(item.path)) !== item.form.sha256
  }

  function postpone(item, waitS) {
    const usual = Math.min(FIRST_WAIT_S * 2 ** item.tries, LONGEST_WAIT_S)
    const wait = waitS || usual * (0.5 + random() / 2)
    wx.setStorageSync(`jz.item.${item.key}`, { ...item, tries: item.tries + 1, notBefore: now() + wait * 1000 })
  }

  /** For the person to see, with what they had entered; a refused report keeps its photos, for another try. */
  function refuse(item, problem) {
    const others = all().filter((each) => each.report === item.report && each.key !== item.key)
    const told = { kind: item.kind, report: item.report, body: item.body, problem, photos: [] }
    if (item.kind === 'report') {
      const photos = others.filter((each) => each.kind === 'photo')
      told.photos = photos.map((each) => ({ tempFilePath: each.path, capture: each.capture }))
      photos.forEach(unlist)
    }
    wx.setStorageSync('jz.refused', [...refused(), told])
    drop(item)
    if (problem.code === 'report.withdrawn') others.forEach(drop)
  }

  /** Send a refused report again as the person has corrected it: under a new id, with its photos. */
  async function again(report, corrected) {
    const told = refused().find((each) => each.kind === 'report' && each.report === report)
    const id = await addReport(corrected, told.photos)
    forget(report)
    return id
  }

  /** What was refused is not shown any more. */
  function forget(report) {
    for (const each of refused().filter((told) => told.report === report)) {
      each.photos.forEach((photo) => removeFile(photo.tempFilePath))
    }
    wx.setStorageSync('jz.refused', refused().filter((told) => told.report !== report))
  }

  function drop(item) {
    unlist(item)
    if (item.path) removeFile(item.path)
  }

  function unlist(item) {
    wx.setStorageSync(LIST, keys().filter((key) => key !== item.key))
    wx.removeStorageSync(`jz.item.${item.key}`)
  }

  // --- looking in

  const keys = () => wx.getStorageSync(LIST) || []
  const all = () => keys().map((key) => wx.getStorageSync(`jz.item.${key}`)).filter(Boolean)
  const due = () => all().filter((each) => each.notBefore <= now())
  const refused = () => wx.getStorageSync('jz.refused') || []
  const receipt = (report) => wx.getStorageSync(`jz.receipt.${report}`) || null
  const alarm = (item) => (item.body.emergency.answer === 'none' ? 0 : 1)

  /** Whoever shows "waiting: 2" is called after each change. */
  function onChange(listener) {
    listeners.push(listener)
  }

  function tell() {
    for (const listener of listeners) listener(all().length)
  }

  /** Go on by itself: when the program starts, comes back, or finds a network, and when the next item is due. */
  function start({ everyMs = 5000 } = {}) {
    wx.onAppShow(() => flush())
    wx.onNetworkStatusChange(({ isConnected }) => isConnected && flush())
    setInterval(() => due().length && flush(), everyMs)
    return flush()
  }

  // --- small things

  /** A random UUID; wx has no crypto.randomUUID. */
  async function uuid() {
    const { randomValues } = await wx.getRandomValues({ length: 16 })
    const bytes = new Uint8Array(randomValues)
    bytes[6] = (bytes[6] & 0x0f) | 0x40
    bytes[8] = (bytes[8] & 0x3f) | 0x80
    const hex = Array.from(bytes, (each) => each.toString(16).padStart(2, '0')).join('')
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  }

  function makeFolder() {
    try {
      files.accessSync(folder)
    } catch {
      files.mkdirSync(folder, true)
    }
  }

  function removeFile(path) {
    try {
      files.unlinkSync(path)
    } catch {
      // it is gone already
    }
  }

  return { addReport, addAnswer, flush, start, onChange, pending: all, receipt, refused, again, forget }
}

module.exports = { makeQueue }
