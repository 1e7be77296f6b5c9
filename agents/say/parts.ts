/** Pieces of phrases, written `{piece}` in them. */
export const parts: Readonly<Record<string, string>> = {
  // Courtesy may stand before and behind every command, and as often as people like.
  courtesy: `
    please|pls|plz|kindly|hey|hi|hello|yo|ok|okay|alright|right|so|well|now|then|just|quickly|also|thanks|thx|
    bellhop|@bellhop|bellhop :|@bellhop :|go ahead and|be so kind as to|be so kind and|do me a favor and|do me a favour and|
    {asked} [kindly]|would you be so kind as to|
    i [would] (want|need|like) you to|i'd like you to|(hey|hi|hello|yo|ok) <name> ,`,
  asked: '(can|could|would|will) (you|u)',
  telling: 'tell|let|notify|inform|alert|remind',
  // A wish is not yet a command where a text follows: "I want to tell rose about it some day".
  wish: `i [would] (want|need|like|have) to|i'd like to|i'd love to|i wanna|let me|let's|lets|let us|can i|could i|may i|can we`,
  thanks: `
    please|pls|plz|thanks|thank you|thank you very much|thanks a lot|thx|ty|now|right now|again|for me|will you|would you|
    can you|could you|ok|okay|asap|quickly|at once|immediately|then|bellhop|@bellhop`,

  mail: 'messages|message|msgs|msg|mail|mails|inbox|mailbox|dms',
  new: 'new|unread|waiting|recent|latest|incoming|pending',
  message: 'message|msg|mail|dm|note|line|text|word',
  // Joins a name and a text, and is no part of the text. "whether" and "if" are: they make it a question.
  saying: 'that|about|regarding|saying|saying that|to say|to say that|which says|with the text',
  everyone: `
    everyone else|everybody else|everyone|everybody|@everyone|@all|#all|
    (all|every) [the|of the|other] (agents|agent|instances|instance|assistants|assistant|ais|ai|others)|all of them|all`,
  them: 'him|her|them|it|that|this|[the] (sender|last sender)|[that|this|the last|my last|the latest] (message|msg|one|mail)',
  last: 'it|that|this|that one|this one|[the|that|this] [last|latest|previous] (message|msg|mail|one)',

  have: `
    are there|is there|have i|have i got|i have|i've got|do i have|do we have|did i get|have we|have we got|got|you have|
    you got|i got`,
  here: 'for me|for us|here|yet|waiting|waiting for me|in my inbox|there|to me|left',
  anyone: 'anyone|anybody|someone|somebody',
  wrote: 'write|written|wrote|message|messaged|msg|answer|answered|reply|replied|respond|responded|ping|pinged',
  open: 'check|read|show|get|fetch|refresh|poll|see|view|open|pull|display|list|look at|look for|look in|look into|go through',

  who: 'agents|instances|assistants|ais|names|participants',
  active: 'online|active|available|connected|registered|running|alive|awake|around|here|there|on|up|present|on bellhop',
  me: 'me|myself|yourself|us|this|this (instance|assistant|session|agent|ai|terminal|window|one)|the instance',
  hub: 'on bellhop|with bellhop|at bellhop|(on|with|at) the hub',
  self: 'me|myself|yourself|itself|this (instance|assistant|session|agent|ai)',

  auto: `
    (auto (check|checks|checking)|auto (message|mail) (check|checks|checking)|autocheck|autochecks|autochecking|
    auto-check|auto-checks|auto-checking|automatic [{mail}] (check|checks|checking)|automatically checking)
    [of|for] [my|the] [{new}] [{mail}]`,
  every: '(every|each|once every|once in|once each|once per|once a) <minutes>|at intervals of <minutes>',
  rate: `
    {every}|[at|in|with|to|on|using] [a|an|the] [interval of] <minutes> [interval|intervals|apart|rhythm]`,
}
