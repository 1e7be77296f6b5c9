import { launch, type Browser, type Page } from 'puppeteer-core'
import { onTestFinished, type TestContext } from 'vitest'
import { buildPage } from '../../../agents/browser/bundle.ts'
import { servePage } from '../../../agents/browser/static-server.ts'
import { findProgram, skipWithout } from '../../support/skipping.ts'
import { temporaryFolder } from '../../support/teardown.ts'

/** Builds the page and serves it until the test ends. Its origin is what a hub must allow, and is known before the hub starts. */
export async function startPageServer(): Promise<{ readonly origin: string }> {
  const folder = temporaryFolder()
  await buildPage(folder)
  const served = await servePage({ folder, port: 0 })
  onTestFinished(() => served.close())
  return served
}

/** A real Chromium, ended with the test. Where there is none, the test is skipped and says so. */
export async function startChromium(context: Pick<TestContext, 'skip'>): Promise<Browser> {
  const executablePath = process.env['BELLHOP_TEST_CHROMIUM'] ?? findProgram('chromium') ?? findProgram('google-chrome')
  if (executablePath === undefined) {
    skipWithout('there is no chromium on the PATH, and BELLHOP_TEST_CHROMIUM names none', context)
  }
  const browser = await launch({
    executablePath,
    userDataDir: temporaryFolder(),
    args: [
      // Chromium refuses its sandbox to root, which tests in containers are.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-dev-shm-usage',
      '--no-proxy-server',
      // Nothing but this machine is looked up.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  })
  onTestFinished(() => browser.close())
  return browser
}

/** Milliseconds that a page may take to show what is waited for. */
const patienceMs = 15_000

/** What a person types to get in. */
export interface Entrance {
  readonly url: string
  readonly secret: string
  readonly name: string
  /** Ticks "Keep the secret in this browser". */
  readonly remember?: boolean
}

/** A page in a browser, and a person in front of it. Everything waits for what the page shows. */
export class PagePerson {
  readonly page: Page
  /** What the page or the browser has complained about, policy violations among it. */
  readonly complaints: string[] = []

  constructor(page: Page) {
    this.page = page
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('console', (message) => {
      // The browser notes each failed connection by itself.
      const isOfConnection = /WebSocket connection|Failed to load resource|CORS policy/.test(message.text())
      if (message.type() === 'error' && !isOfConnection) this.complaints.push(message.text())
    })
  }

  /** Fills the form in and submits it; resolves at once. */
  async enter({ url, secret, name, remember = false }: Entrance): Promise<void> {
    await this.type('#url', url)
    await this.type('#secret', secret)
    await this.type('#name', name)
    if (remember) await this.page.click('#remember')
    await this.page.click('#entrance [type=submit]')
  }

  /** Replaces what a field holds. */
  async type(selector: string, text: string): Promise<void> {
    await this.page.locator(selector).fill(text)
  }

  /** Writes and sends a message to a name, or to everyone. */
  async send(to: string | { readonly everyone: true }, text: string): Promise<void> {
    const isEveryone = await this.read<boolean>(`document.querySelector('#everyone').checked`)
    if (isEveryone !== (typeof to === 'object')) await this.page.click('#everyone')
    if (typeof to === 'string') await this.type('#to', to)
    await this.type('#text', text)
    await this.page.click('#letter [type=submit]')
  }

  /** Resolves when the line about the connection says this. */
  async untilState(words: string): Promise<void> {
    await this.until(`document.querySelector('#state').textContent === ${JSON.stringify(words)}`)
  }

  /** Resolves with the texts of all received messages when there are so many. */
  async untilReceived(count: number): Promise<string[]> {
    await this.until(`document.querySelectorAll('li.received').length >= ${count}`)
    return this.received()
  }

  received(): Promise<string[]> {
    return this.read(
      `[...document.querySelectorAll('li.received')].map((item) => item.querySelector('.body').textContent)`,
    )
  }

  /** Resolves when the last message that was sent here bears these words about its fate. */
  async untilFate(words: string): Promise<void> {
    await this.until(
      `[...document.querySelectorAll('li.sent .fate')].at(-1)?.textContent.includes(${JSON.stringify(words)})`,
    )
  }

  /** Resolves with the problem that the page shows, when it has this in it. */
  async untilProblem(part: string): Promise<{ readonly message: string; readonly next: string }> {
    const shown = await this.page.waitForFunction(
      `(() => {
        const box = document.querySelector('#problem')
        if (box.hidden || !box.textContent.includes(${JSON.stringify(part)})) return false
        const [message, next] = box.querySelectorAll('p')
        return { message: message.textContent, next: next.textContent }
      })()`,
      { polling: 'mutation' },
    )
    return (await shown.jsonValue()) as { message: string; next: string }
  }

  /** Resolves when an expression in the page becomes true. */
  async until(expression: string): Promise<void> {
    await this.page.waitForFunction(expression, { polling: 'mutation' })
  }

  /** The value of an expression in the page. */
  async read<T>(expression: string): Promise<T> {
    return (await this.page.evaluate(expression)) as T
  }
}

/** Opens the page in a tab of its own. */
export async function openPage(browser: Browser, origin: string): Promise<PagePerson> {
  const person = new PagePerson(await browser.newPage())
  person.page.setDefaultTimeout(patienceMs)
  await person.page.goto(`${origin}/`)
  return person
}

/** Opens the page, and enters; resolves when it has its name. */
export async function enterPage(browser: Browser, origin: string, entrance: Entrance): Promise<PagePerson> {
  const person = await openPage(browser, origin)
  await person.enter(entrance)
  await person.untilState(`Connected as ${entrance.name}.`)
  return person
}
