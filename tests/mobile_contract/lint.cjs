/** Redocly's rules over a document: prints what they find, one a line; their engine comes with the generator of types. */
const { createRequire } = require('node:module')

const [document, modules] = process.argv.slice(2)
const { createConfig, lint } = createRequire(`${modules}/`)('@redocly/openapi-core')

async function main() {
  const config = await createConfig({ extends: ['recommended-strict'] })
  for (const found of await lint({ ref: document, config })) {
    console.log(`${found.ruleId} ${found.location[0].pointer}: ${found.message}`)
  }
}

main()
