/** What an import did, or would do. */
export interface ImportReport {
  readonly folder: string
  readonly dryRun: boolean
  readonly names: {
    registered: number
    /** They were registered here before. */
    known: number
    /** Somebody else has them here. */
    taken: number
  }
  readonly messages: {
    /** Unread, for their readers to see. */
    waiting: number
    /** History. */
    read: number
    /** Among those two: with a body of more than 10 KiB. */
    large: number
    /** Brought before. */
    known: number
  }
  /** What could not be brought. */
  readonly left: { readonly what: string; readonly why: string }[]
  /** What was brought, and is not as it was there. */
  readonly remarks: { readonly what: string; readonly remark: string }[]
  /** Times there have no zone; they were taken as times of this one. */
  readonly zone: string
}

export function emptyReport(folder: string, dryRun: boolean): ImportReport {
  return {
    folder,
    dryRun,
    names: { registered: 0, known: 0, taken: 0 },
    messages: { waiting: 0, read: 0, large: 0, known: 0 },
    left: [],
    remarks: [],
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  }
}
