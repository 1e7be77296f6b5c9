/** What the doctor has looked at, and what is to be done. */
export interface Finding {
  /** `notice`: it works, and could be better; or it is simply not there. */
  readonly standing: 'good' | 'notice' | 'bad'
  readonly topic: 'home' | 'hub' | 'runtime' | 'assistant' | 'session'
  readonly text: string
  /** The exact next step. */
  readonly fix?: string
}

export const good = (topic: Finding['topic'], text: string): Finding => ({ standing: 'good', topic, text })
export const notice = (topic: Finding['topic'], text: string, fix?: string): Finding => ({
  standing: 'notice',
  topic,
  text,
  ...(fix !== undefined && { fix }),
})
export const bad = (topic: Finding['topic'], text: string, fix: string): Finding => ({
  standing: 'bad',
  topic,
  text,
  fix,
})
