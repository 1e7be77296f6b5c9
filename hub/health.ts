import { LedgerError } from './ledger/ledger.ts'

/** Whether the disk takes writes, as the last attempt showed. */
export class Health {
  #writable = true

  get writable(): boolean {
    return this.#writable
  }

  wrote(): void {
    this.#writable = true
  }

  failed(error: unknown): void {
    if (error instanceof LedgerError) this.#writable = false
  }
}
