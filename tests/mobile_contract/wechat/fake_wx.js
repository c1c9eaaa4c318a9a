/**
 * A `wx` that keeps to the limits of the real one, as its documentation and typings state them (base library 3).
 *
 * What a mini program must not do at all throws and so fails the test; what happens to it on a phone comes through `fail`.
 * The disk and the storage outlive a `restart()`, temporary files do not.
 */
const METHODS = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT']
const MOST_AT_ONCE = 10
const LONGEST_MS = 60000
const KEY_BYTES = 1024 * 1024
const DATA = 'wxfile://usr'
const TEMP = 'wxfile://tmp'

class Phone {
  constructor({ network, hosts = ['https://the.district.example'], storageBytes = 10 * KEY_BYTES, diskBytes = 200 * KEY_BYTES }) {
    Object.assign(this, { network, hosts, storageBytes, diskBytes })
    this.storage = new Map()
    this.disk = new Map()
    this.temp = new Map()
    this.folders = new Set()
    this.open = new Set()
    this.mostOpen = 0
    this.inBackground = false
    this.shown = []
    this.networks = []
  }

  /** The program ends and starts again. */
  restart() {
    this.temp.clear()
    this.shown = []
    this.networks = []
    this.open.clear()
    return this.wx()
  }

  /** A picture as wx.chooseMedia gives it. */
  choose(content) {
    const path = `${TEMP}/${this.temp.size}.jpg`
    this.temp.set(path, Buffer.from(content))
    return path
  }

  /** Five seconds in the background: whatever is under way ends. */
  goBackground() {
    this.inBackground = true
    for (const call of [...this.open]) call.fail('interrupted')
  }

  comeBack() {
    this.inBackground = false
    for (const listener of this.shown) listener({})
  }

  wx() {
    return {
      env: { USER_DATA_PATH: DATA },
      request: (options) => this.request(options),
      uploadFile: (options) => this.uploadFile(options),
      setStorageSync: (key, value) => this.setStorage(key, value),
      getStorageSync: (key) => (this.storage.has(key) ? JSON.parse(this.storage.get(key)) : ''),
      removeStorageSync: (key) => this.storage.delete(key),
      getFileSystemManager: () => this.fileSystem(),
      getRandomValues: async ({ length }) => ({ randomValues: crypto.getRandomValues(new Uint8Array(length)).buffer }),
      onAppShow: (listener) => this.shown.push(listener),
      onNetworkStatusChange: (listener) => this.networks.push(listener),
    }
  }

  // --- calls

  request({ url, method = 'GET', data, header = {}, timeout = LONGEST_MS, success, fail }) {
    must(METHODS.includes(method), `request: method ${method}`)
    checkHeaders(header)
    const [path, body] = method === 'GET' ? [asQuery(url, data), undefined] : [url, JSON.stringify(data)]
    this.call({ url: path, timeout, fail, ask: { method, header, body } }, ({ status, headers, text }) => {
      success({ statusCode: status, header: headers, data: asJson(text) })
    })
  }

  uploadFile({ url, filePath, name, formData = {}, header = {}, timeout = LONGEST_MS, success, fail, ...rest }) {
    must(Object.keys(rest).length === 0, `uploadFile: has no ${Object.keys(rest)}`)
    must(typeof filePath === 'string', 'uploadFile: one file for each call')
    must(!Object.keys(header).some((each) => /^content-type$/i.test(each)), 'uploadFile: the boundary is not ours to set')
    must(Object.values(formData).every((each) => typeof each === 'string'), 'uploadFile: fields are text')
    checkHeaders(header)
    const file = this.disk.get(filePath) || this.temp.get(filePath)
    if (!file) {
      queueMicrotask(() => fail({ errMsg: 'uploadFile:fail file not found' }))
      return
    }
    this.call({ url, timeout, fail, ask: { method: 'POST', header, form: formData, name, file } }, ({ status, text }) => {
      success({ statusCode: status, data: text }) // the body is text, and there are no headers
    })
  }

  call({ url, timeout, fail, ask }, success) {
    const address = new URL(url)
    must(timeout <= LONGEST_MS, 'a call has 60 s at most')
    must(address.protocol === 'https:', 'https alone')
    must(this.hosts.includes(address.origin), `${address.origin} is no registered host`)
    must(this.open.size < MOST_AT_ONCE, 'more than 10 calls at once')
    const one = {
      fail: (why) => {
        if (this.open.delete(one)) fail({ errMsg: `fail ${why}` })
      },
    }
    this.open.add(one)
    this.mostOpen = Math.max(this.mostOpen, this.open.size)
    setImmediate(async () => {
      if (this.inBackground) return one.fail('interrupted')
      const answer = await this.network({ ...ask, path: address.pathname + address.search })
      if (answer === 'cut') return one.fail('timeout')
      if (this.open.delete(one)) success(answer) // every status comes this way
    })
  }

  // --- storage and files

  setStorage(key, value) {
    const text = JSON.stringify(value)
    must(Buffer.byteLength(text) <= KEY_BYTES, 'a key holds 1 MB at most')
    const others = [...this.storage].filter(([name]) => name !== key)
    const used = others.reduce((sum, [name, each]) => sum + Buffer.byteLength(name + each), 0)
    if (used + Buffer.byteLength(key + text) > this.storageBytes) throw new Error('setStorageSync:fail exceed storage max size')
    this.storage.set(key, text)
  }

  fileSystem() {
    const found = (path) => {
      const content = this.disk.get(path) || this.temp.get(path)
      if (!content) throw new Error(`fail no such file or directory ${path}`)
      return content
    }
    return {
      accessSync: (path) => {
        if (!this.folders.has(path)) found(path)
      },
      mkdirSync: (path) => this.folders.add(path),
      copyFileSync: (from, to) => {
        must(to.startsWith(`${DATA}/`), 'only the own folder can be written')
        if (!this.folders.has(to.slice(0, to.lastIndexOf('/')))) throw new Error('fail no such file or directory')
        const used = [...this.disk.values()].reduce((sum, each) => sum + each.length, 0)
        if (used + found(from).length > this.diskBytes) throw new Error('copyFileSync:fail the maximum size of the file storage limit is exceeded')
        this.disk.set(to, found(from))
      },
      readFileSync: (path) => {
        const content = found(path)
        return content.buffer.slice(content.byteOffset, content.byteOffset + content.length)
      },
      unlinkSync: (path) => {
        found(path)
        this.disk.delete(path)
      },
    }
  }
}

function asQuery(url, data = {}) {
  const query = new URLSearchParams(data).toString()
  return query ? `${url}?${query}` : url
}

/** wx reads what looks like JSON, whatever its media type, and leaves all else as text. */
function asJson(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function checkHeaders(header) {
  must(!Object.keys(header).some((each) => /^referer$/i.test(each)), 'Referer cannot be set')
}

function must(holds, what) {
  if (!holds) throw new Error(`wx does not allow it: ${what}`)
}

module.exports = { Phone }
