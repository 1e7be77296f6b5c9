import process from 'node:process'
import type { Readable, Writable } from 'node:stream'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { Landing } from './mail/deliveries.ts'
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js'

/** stdio whose `send` resolves when the bytes were handed to the system, and rejects when they could not be. */
export class FlushedStdioTransport extends StdioServerTransport {
  readonly #stdout: Writable

  constructor(stdin: Readable = process.stdin, stdout: Writable = process.stdout) {
    super(stdin, stdout)
    this.#stdout = stdout
  }

  override send(message: JSONRPCMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stdout.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()))
    })
  }
}

/** Reports for each response whether the transport wrote it. Changes the given transport, and answers with it. */
export function reportWrites(transport: Transport, settle: (request: RequestId, landing: Landing) => void): Transport {
  const send = transport.send.bind(transport)
  transport.send = async (message, options) => {
    const request = 'method' in message ? undefined : message.id
    try {
      await send(message, options)
    } catch (error) {
      if (request !== undefined) settle(request, 'failed')
      throw error
    }
    if (request !== undefined) settle(request, 'written')
  }
  return transport
}
