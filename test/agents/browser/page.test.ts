import { expect, onTestFinished, test, type TestContext } from 'vitest'
import { limits } from '../../../protocol/index.ts'
import { startHub, settingsWith } from '../../../hub/index.ts'
import { startClient, type TestClient } from '../../support/clients.ts'
import { startTestHub, type TestHub } from '../../support/hub.ts'
import { startHubChild } from '../../support/hub-child.ts'
import { freePort } from '../../support/ports.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import { secretOf } from '../../support/wire.ts'
import { enterPage, openPage, startChromium, startPageServer, type PagePerson } from './page.ts'

/** A program that is waiting for its next attempt gets the time for it. */
const patient = { timeoutMs: 20_000 }

interface Scene {
  readonly hub: TestHub
  readonly origin: string
  readonly browser: Awaited<ReturnType<typeof startChromium>>
  /** In front of a page that is registered as iris. */
  readonly iris: PagePerson
  /** A program, registered as rose. */
  readonly rose: TestClient
}

/** A hub that lets the page in, the page in Chromium, and a program. */
async function arrange(context: TestContext): Promise<Scene> {
  const browser = await startChromium(context)
  const { origin } = await startPageServer()
  const hub = await startTestHub({ allowedOrigins: [origin] })
  const iris = await enterPage(browser, origin, { url: hub.url, secret: secretOf(hub.home.folder), name: 'iris' })
  const rose = await startClient({ BELLHOP_HOME: hub.home.folder }, 'rose')
  return { hub, origin, browser, iris, rose }
}

test('a page registers, shows what comes, and its sender hears that it was shown', async (context) => {
  const { iris, rose } = await arrange(context)
  const shown = rose.next('receipt')
  const { id, outlook } = await rose.client.send({ to: 'iris', content: 'Grüße,\nan iris 🌷' })
  expect(outlook).toMatchObject({ kind: 'online', name: 'iris', routes: ['fetch'] })
  expect(await iris.untilReceived(1)).toEqual(['Grüße,\nan iris 🌷'])
  expect(await shown).toMatchObject([{ id, name: 'iris', state: 'shown', route: 'fetch' }])
  await iris.until(`document.title === 'Bellhop'`)

  // And back, as an answer.
  await iris.page.click('li.received button')
  await iris.type('#text', 'Grüße zurück')
  await iris.page.click('#letter [type=submit]')
  await rose.untilMessages(1)
  expect(rose.messages[0]).toMatchObject({ from: 'iris', content: 'Grüße zurück', replyTo: id })
  await iris.untilFate('rose is online')
  await rose.client.ack([rose.messages[0]!.id], 'shown', 'wait')
  await iris.untilFate('It was shown to rose.')
  expect(iris.complaints).toEqual([])
})

test('a broadcast goes both ways, and mail to a name that nobody has says that it waits', async (context) => {
  const { iris, rose } = await arrange(context)
  await iris.send({ everyone: true }, 'to all of you')
  await rose.untilMessages(1)
  expect(rose.messages[0]).toMatchObject({ from: 'iris', to: '#all', content: 'to all of you' })
  await iris.untilFate('1 recipient of #all')
  await rose.client.send({ to: '#all', content: 'and to you' })
  expect(await iris.untilReceived(1)).toEqual(['and to you'])
  expect(await iris.read(`document.querySelector('li.received .about').textContent`)).toContain('rose to everyone')
  await iris.send('tulip', 'for later')
  await iris.untilFate('Nobody has registered "tulip" so far')
})

test('[P-40] a large message each way, by HTTP across origins', async (context) => {
  const { iris, rose } = await arrange(context)
  const body = `It begins here. ${'é🌷'.repeat(limits.inlineBytes)}`
  await rose.client.send({ to: 'iris', content: body })
  const [summary] = await iris.untilReceived(1)
  expect(summary).toContain('It begins here.')
  expect(summary?.length).toBeLessThanOrEqual(2 * limits.summaryLength)
  await iris.page.locator('li.received ::-p-text(Show all of it)').click()
  await iris.until(`document.querySelector('li.received .whole')`)
  expect(await iris.read(`document.querySelector('li.received .whole').textContent`)).toBe(body)

  await iris.send('rose', body)
  await rose.untilMessages(1)
  const { blob } = rose.messages[0]!
  expect(new TextDecoder().decode(await rose.client.download(blob!))).toBe(body)
  expect(iris.complaints).toEqual([])
})

test('a hub that was killed: the page comes back by itself, and gets what was sent meanwhile once', async (context) => {
  const browser = await startChromium(context)
  const { origin } = await startPageServer()
  const home = temporaryFolder()
  const env = { BELLHOP_HOME: home, BELLHOP_ALLOWED_ORIGINS: origin, BELLHOP_PORT: String(await freePort()) }
  const hub = await startHubChild(env)
  const iris = await enterPage(browser, origin, { url: hub.url, secret: secretOf(home), name: 'iris' })
  const rose = await startClient({ BELLHOP_HOME: home, BELLHOP_URL: hub.url }, 'rose')
  await rose.client.send({ to: 'iris', content: 'before' })
  await iris.untilReceived(1)

  await hub.end('SIGKILL')
  await iris.untilState('Not connected; trying again by itself.')
  const { next } = await iris.untilProblem('Nothing answers at')
  expect(next).toContain('Start the hub')
  const again = await startHubChild(env)
  await rose.client.ready(patient)
  const shown = rose.next('receipt')
  await rose.client.send({ to: 'iris', content: 'meanwhile' })
  await iris.untilState('Connected as iris.')
  expect(await iris.untilReceived(2)).toEqual(['before', 'meanwhile'])
  expect(await shown).toMatchObject([{ state: 'shown' }])
  expect(await iris.read(`document.querySelector('#problem').hidden`)).toBe(true)

  // And once more, with nothing new: nothing is shown a second time.
  await again.end('SIGKILL')
  await iris.untilState('Not connected; trying again by itself.')
  await startHubChild(env)
  await iris.untilState('Connected as iris.')
  await rose.client.ready(patient)
  await rose.client.send({ to: 'iris', content: 'after' })
  expect(await iris.untilReceived(3)).toEqual(['before', 'meanwhile', 'after'])
})

test("a peer's text stays text, wherever it stands, and the policy would stop what became markup", async (context) => {
  const { iris, rose } = await arrange(context)
  const attack = `<img src=x onerror="window.hit = 1"><script>window.hit = 2</script>`
  await rose.client.send({ to: 'iris', content: attack, thread: attack.slice(0, 60), data: { [attack]: attack } })
  const blob = await rose.client.upload(Buffer.from(attack), { mediaType: 'text/html', fileName: 'img onerror.html' })
  await rose.client.send({ to: 'iris', content: attack, blob: blob.handle })
  expect(await iris.untilReceived(2)).toEqual([attack, attack])
  expect(await iris.read(`document.querySelectorAll('#mail img, #mail script').length`)).toBe(0)
  expect(await iris.read('window.hit')).toBeUndefined()
  // The file is offered for saving, and never shown as what it says that it is.
  expect(await iris.read(`document.querySelectorAll('li.received')[1].textContent`)).toContain('img onerror.html')
  expect(iris.complaints).toEqual([])

  // Were there a hole, the browser would refuse to fill it.
  const refused = await iris.read(`(() => {
    try { document.body.innerHTML += '<b>x</b>'; return false } catch (error) { return error.name }
  })()`)
  expect(refused).toBe('TypeError')
})

test('an origin that is not allowed is refused; the page says what to do, and comes in when that is done', async (context) => {
  const browser = await startChromium(context)
  const { origin } = await startPageServer()
  const settings = settingsWith({ home: temporaryFolder(), port: await freePort() })
  const closed = await startHub({ settings })
  const iris = await openPage(browser, origin)
  const secret = secretOf(settings.home)
  await iris.enter({ url: closed.url!, secret, name: 'iris' })
  const { message, next } = await iris.untilProblem('lets no pages of')
  expect(message).toContain(origin)
  expect(next).toContain(`BELLHOP_ALLOWED_ORIGINS=${origin}`)
  await closed.close()
  const open = await startHub({ settings: { ...settings, allowedOrigins: [origin] } })
  onTestFinished(() => open.close())
  await iris.untilState('Connected as iris.')
  expect(await iris.read(`document.querySelector('#problem').hidden`)).toBe(true)
})

test('a wrong secret and a name of somebody else are told with their next step', async (context) => {
  const { hub, origin, browser } = await arrange(context)
  const fred = await openPage(browser, origin)
  await fred.enter({ url: hub.url, secret: 'quite another secret than theirs', name: 'fred' })
  expect((await fred.untilProblem('secret')).next).toContain('Copy the secret again')
  await fred.enter({ url: hub.url, secret: secretOf(hub.home.folder), name: 'rose' })
  expect((await fred.untilProblem('rose')).next).toMatch(/another name/)
  await fred.enter({ url: hub.url, secret: secretOf(hub.home.folder), name: 'fred' })
  await fred.untilState('Connected as fred.')
})

test('only what is on the screen is acknowledged; the rest when it is looked at', async (context) => {
  const { iris, rose } = await arrange(context)
  await iris.page.setViewport({ width: 390, height: 700 })
  const count = 12
  const shown = new Set<string>()
  rose.client.on('receipt', ({ id, state }) => state === 'shown' && shown.add(id))
  const sent = []
  for (let number = 0; number < count; number += 1) {
    sent.push(await rose.client.send({ to: 'iris', content: `${number}\n`.repeat(12) }))
  }
  await iris.untilReceived(count)
  await iris.until(`!document.querySelector('li.received').classList.contains('unseen')`)
  const unseen = await iris.read<number>(`document.querySelectorAll('li.unseen').length`)
  expect(unseen).toBeGreaterThan(0)
  expect(await iris.read(`document.title`)).toBe(`(${unseen}) Bellhop`)
  expect(await waiting(iris)).toBe(unseen)
  const { receipts } = await rose.client.request('receipts', { limit: 50 })
  expect(receipts.filter(({ recipients }) => recipients[0]?.state === 'queued')).toHaveLength(unseen)

  // The person looks at the next ones until there are no more.
  while ((await waiting(iris)) > 0) {
    const before = await waiting(iris)
    await iris.page.click('#unseen')
    await iris.until(`document.querySelectorAll('li.unseen').length < ${before}`)
  }
  while (shown.size < count) await rose.next('receipt')
  expect([...shown].toSorted()).toEqual(sent.map(({ id }) => id).toSorted())
})

test('what comes while the page is hidden is acknowledged when somebody looks', async (context) => {
  const { browser, iris, rose } = await arrange(context)
  const other = await browser.newPage()
  await other.bringToFront()
  await iris.until(`document.visibilityState === 'hidden'`)
  await rose.client.send({ to: 'iris', content: 'while you were away' })
  await iris.untilReceived(1)
  expect(await iris.read('document.title')).toBe('(1) Bellhop')
  const { receipts } = await rose.client.request('receipts', {})
  expect(receipts[0]?.recipients[0]?.state).toBe('queued')
  const shown = rose.next('receipt')
  await iris.page.bringToFront()
  expect(await shown).toMatchObject([{ state: 'shown' }])
  await iris.until(`document.title === 'Bellhop'`)
})

test('name and key are kept in the browser, the secret only where the person asks for it', async (context) => {
  const { hub, browser, origin, iris } = await arrange(context)
  const secret = secretOf(hub.home.folder)
  const kept = await iris.read<string>('JSON.stringify({ ...localStorage })')
  expect(kept).toContain('iris')
  expect(kept).not.toContain(secret)
  await iris.page.reload()
  expect(await field(iris, 'name')).toBe('iris')
  expect(await field(iris, 'url')).toBe(hub.url)
  expect(await field(iris, 'secret')).toBe('')
  // The key is still here: the name is still this browser's.
  await iris.enter({ url: hub.url, secret, name: 'iris', remember: true })
  await iris.untilState('Connected as iris.')
  await iris.page.reload()
  expect(await field(iris, 'secret')).toBe(secret)
  await iris.page.click('#entrance [type=submit]')
  await iris.untilState('Connected as iris.')

  // A second tab has the key as well, and says what it would mean to use it.
  const tab = await openPage(browser, origin)
  await tab.page.click('#entrance [type=submit]')
  expect((await tab.untilProblem('another live session')).next).toContain('Take the name over')
  await tab.page.click('#take-over')
  await tab.untilState('Connected as iris.')
  expect((await iris.untilProblem('taken over')).next).toMatch(/\S/)
})

test('everything can be done with the keyboard', async (context) => {
  const browser = await startChromium(context)
  const { origin } = await startPageServer()
  const hub = await startTestHub({ allowedOrigins: [origin] })
  const rose = await startClient({ BELLHOP_HOME: hub.home.folder }, 'rose')
  const iris = await openPage(browser, origin)
  const { keyboard } = iris.page
  /** Goes on with Tab until this has the focus, as somebody without a mouse does. */
  const tabTo = async (id: string): Promise<void> => {
    for (let steps = 0; steps < 20; steps += 1) {
      if ((await iris.read('document.activeElement.id')) === id) return
      await keyboard.press('Tab')
    }
    throw new Error(`Tab does not reach ${id}`)
  }
  await iris.type('#url', hub.url)
  await tabTo('secret')
  await keyboard.type(secretOf(hub.home.folder))
  await tabTo('name')
  await keyboard.type('iris')
  await keyboard.press('Enter')
  await iris.untilState('Connected as iris.')
  await tabTo('to')
  await keyboard.type('rose')
  await tabTo('text')
  await keyboard.type('without a mouse')
  await keyboard.down('Control')
  await keyboard.press('Enter')
  await keyboard.up('Control')
  await rose.untilMessages(1)
  expect(rose.messages[0]).toMatchObject({ from: 'iris', content: 'without a mouse' })
})

function waiting(person: PagePerson): Promise<number> {
  return person.read(`document.querySelectorAll('li.unseen').length`)
}

function field(person: PagePerson, id: string): Promise<string> {
  return person.read(`document.querySelector('#${id}').value`)
}
