import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { LooseFrame, Tampering, Ways } from './tampering.ts'

/** A relay before a hub that tampers with what goes through it; gone when the test ends. Returns its URL. */
export async function startFaultyHub(hubUrl: string, tamper: () => Tampering): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'bellhop.v1' })
  await once(server, 'listening')
  onTestFinished(() => {
    for (const client of server.clients) client.terminate()
    server.close()
  })
  server.on('connection', (near) => {
    const far = new WebSocket(hubUrl, 'bellhop.v1')
    const open = once(far, 'open').catch(() => undefined)
    const { fromClient, fromHub, closeCode = (code) => code } = tamper()
    const cut = (): void => near.terminate()
    const toHub = (frame: LooseFrame): void =>
      void open.then(() => far.readyState === far.OPEN && far.send(text(frame)))
    const toClient = (frame: LooseFrame): void => near.send(text(frame))
    near.on('message', pass(fromClient, { on: toHub, back: toClient, cut }))
    far.on('message', pass(fromHub, { on: toClient, back: toHub, cut }))
    for (const side of [near, far]) side.on('error', () => undefined)
    near.on('close', () => far.terminate())
    far.on('close', (code, reason) => (code < 4000 ? near.terminate() : near.close(closeCode(code), reason.toString())))
  })
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function pass(part: Tampering['fromHub'], ways: Ways): (data: unknown) => void {
  return (data) => {
    const frame = JSON.parse((data as Buffer).toString()) as LooseFrame
    if (part) part(frame, ways)
    else ways.on(frame)
  }
}

function text(frame: LooseFrame): string {
  return JSON.stringify({ jsonrpc: '2.0', ...frame })
}
