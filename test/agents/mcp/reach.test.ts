import { expect, test } from 'vitest'
import type { Client } from '../../../agents/client/client.ts'
import { Reach } from '../../../agents/mcp/reach.ts'

function setUp() {
  const said: string[] = []
  const state = { isConnected: true }
  const request: Client['request'] = (_method, params) => {
    said.push((params as { routes: string[] }).routes.join(' '))
    return state.isConnected ? Promise.resolve({} as never) : Promise.reject(new Error('no connection'))
  }
  return { reach: new Reach({ request }), said, state }
}

test('[D-7] senders are told when a route opens, and when the last of its kind closes', () => {
  const { reach, said } = setUp()
  const close = [reach.open('wait'), reach.open('wait')]
  close[0]?.()
  expect(said).toEqual(['wait tool_result'])
  close[1]?.()
  expect(said).toEqual(['wait tool_result', 'tool_result'])
})

test('a route that closes during a break is taken back after it', async () => {
  const { reach, said, state } = setUp()
  const close = reach.open('wake')
  await Promise.resolve()
  state.isConnected = false
  close()
  await Promise.resolve()
  state.isConnected = true
  // The client has come back with what the hub had confirmed.
  reach.attached()
  expect(said).toEqual(['tool_result wake', 'tool_result', 'tool_result'])
  reach.attached()
  await Promise.resolve()
  expect(reach.routes).toEqual(['tool_result'])
})

test('a route that opened before there was a name is told with the name', () => {
  const { reach, said, state } = setUp()
  state.isConnected = false
  reach.open('hook')
  state.isConnected = true
  reach.attached()
  expect(said).toEqual(['tool_result hook', 'tool_result hook'])
})
