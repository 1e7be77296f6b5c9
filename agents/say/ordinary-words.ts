/** Words of English that are in a sentence for its grammar: where a name is expected, none of them is one. */
export const functionWords: ReadonlySet<string> = words(`
  i me my mine myself self you your yours yourself yourselves he him his himself she her hers herself
  it its itself we us our ours ourselves they them their theirs themselves u ya y'all
  the a an this that these those here there some any each every both either neither other others another
  no none nothing nobody not never something anything everything someone anyone somebody anybody one
  about above after against along around as at back before behind below beside between by down during
  for from in inside into near of off on onto out outside over past since through till to toward towards
  under until up upon via with within without and or but nor so yet if unless because than then though
  whether while when whenever where wherever which who whom whose what whatever why how
  am is are was were be been being isn't aren't wasn't weren't do does did done don't doesn't didn't
  has have had having hasn't haven't hadn't will would shall should can could may might must
  won't wouldn't shouldn't can't cannot couldn't let lets let's get gets got getting
  again already also always anyway asap away earlier else even ever everywhere first immediately instead
  just last late later maybe more most much next now often once only please pls quickly quite rather really
  same sometime sometimes soon still such today together tomorrow tonight too twice very well yesterday
  yes yeah ok okay hello hey hi thanks sent received delivered said saying
  old new current good bad whole entire full rest all-hands
`)

/** Who is meant by these, nobody can say: they are many. */
export const crowds: ReadonlySet<string> = words(`
  people users customers clients subscribers visitors readers folks guys friends colleagues coworkers
  management managers developers engineers admins operators employees staff team teams group groups
  channel channels topic topics room company department family parents mom dad boss
`)

/** What stands behind "message", "text", "send" or "tell" where the sentence is about something else. */
export const things: ReadonlySet<string> = words(`
  queue queues broker brokers bus buses box boxes body bodies size sizes format formats header headers type types
  id ids history log logs handler handlers handling loop loops store passing board order ordering template templates
  delivery schema schemas count rate limit limits limiter buffer buffers packet packets payload payloads
  file files editor field fields input inputs area mode node nodes speech message messages msg msgs mail mails
  email emails e-mail request requests response responses data button key keys money receiver receivers address
  addresses storm storms receivers channel channels domain domains stream streams system button buttons event events signal signals notification
  notifications time times timeout timeouts test tests pong google localhost stdout stderr stdin disk production
  broadcast announcement check reply register rename forward sender
  stories story lies joke jokes tales truth questions question permission forgiveness politely nicely text texts
`)

/** Verbs that go on with a sentence whose subject stood before them: "message queue is broken". */
export const auxiliaries: ReadonlySet<string> = words(`
  is are was were isn't aren't wasn't weren't has had hasn't hadn't have will would won't shall should can can't
  cannot could may might must does doesn't did didn't do don't fails failed broke breaks seems looks needs works
  crashed crashes keeps gets got became stopped appears contains holds took takes
`)

/** One that means several: the topic of the same name may be meant. */
export const groupWords: ReadonlySet<string> = words(`
  team teams group channel topic folks people crew squad guys room devs developers engineers agents department
`)

/** Words that people put before a text: "tell rose update: …" is to rose alone. */
export const labels: ReadonlySet<string> = words(`
  update fyi note notes warning question todo reminder urgent info status error important heads-up ps re q a ok
  okay yes no hi hello hey thanks sorry news result results summary answer example
`)

/** Texts that are said in a word, and need no quotes: "send hello to rose". */
export const greetings: ReadonlySet<string> = words(`
  hello hi hey thanks thank greetings congrats congratulations
`)

/** What a person would not send as a text by itself: it points at something else. */
export const pointers: ReadonlySet<string> = words('this that it these those them everything something')

/** What makes "everyone" somebody else: "everyone in frontend", "everyone but rose". */
export const narrowers: ReadonlySet<string> = words(`
  in on at from of for who whose that's except excepting excluding but besides and or with without working under
`)

/** What follows "reply" or "broadcast" where they are not commands: "reply by friday", "broadcast is off". */
export const noTextStarts: ReadonlySet<string> = words(`
  is are was were isn't aren't wasn't weren't has hasn't
  to by in on from at of for with as via over soon later when if before after asap all back only and or vs
`)

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/))
}
