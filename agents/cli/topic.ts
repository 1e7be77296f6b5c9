import { TopicName } from '../../protocol/index.ts'
import { wrongUse } from './text.ts'

/** A topic as it is typed: shells take an unquoted "#" for the beginning of a comment. Throws `Problem`. */
export function topicName(text: string): TopicName {
  const topic = TopicName.safeParse(text.startsWith('#') ? text : `#${text}`)
  if (topic.success) return topic.data
  throw wrongUse(`"${text}" is no topic.`, 'Use 1 to 32 letters, digits, "-" or "_", with or without "#" before them.')
}
