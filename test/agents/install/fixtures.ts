import type { AssistantId } from '../../../agents/assistants/index.ts'

/** How an assistant writes what Bellhop adds, told apart from the code under test. */
export interface Notation {
  /** Where its servers are. */
  readonly servers: string
  readonly format: 'strict' | 'comments' | 'relaxed' | 'toml'
  /** An event that has hooks of ours, in a file of its own or not. */
  readonly hooks?: { readonly event: string; readonly format: 'strict' | 'comments' | 'relaxed'; readonly flat?: true }
}

export const notations: Readonly<Record<AssistantId, Notation>> = {
  'claude-code': { servers: 'mcpServers', format: 'strict', hooks: { event: 'Stop', format: 'strict' } },
  codex: { servers: 'mcp_servers', format: 'toml', hooks: { event: 'Stop', format: 'strict' } },
  gemini: { servers: 'mcpServers', format: 'comments', hooks: { event: 'AfterAgent', format: 'comments' } },
  opencode: { servers: 'mcp', format: 'relaxed' },
  cursor: { servers: 'mcpServers', format: 'relaxed', hooks: { event: 'stop', format: 'relaxed', flat: true } },
  vscode: { servers: 'servers', format: 'relaxed' },
  windsurf: { servers: 'mcpServers', format: 'relaxed' },
  'claude-desktop': { servers: 'mcpServers', format: 'relaxed' },
}

type Fixtures = Readonly<Record<string, string>>

const plain: Fixtures = {
  'an empty file': '',
  'blanks only': ' \n\n',
  'an empty object': '{}',
  'an empty object over lines': '{\n}\n',
  'no servers': '{\n  "theme": "dark"\n}\n',
  'empty servers': '{\n  "SERVERS": {},\n  "x": [1, 2,   3]\n}\n',
  'empty servers over lines': '{\n  "SERVERS": {\n  }\n}\n',
  'other servers': '{\n  "SERVERS": {\n    "other": { "command": "x", "args": [] }\n  },\n  "after": 1.0\n}',
  'one line': '{"SERVERS":{"other":{"command":"x"}},"y":[]}',
  'one line with blanks': '{ "SERVERS": { "other": { "command": "x" } } }',
  tabs: '{\n\t"a": 1,\n\t"SERVERS": {\n\t\t"other": {\n\t\t\t"command": "x"\n\t\t}\n\t}\n}\n',
  'odd indentation': '{\n "a":1\n   ,"SERVERS"  :{"other":\n        {"command" :"x"}\n      }    }\n\n\n',
  'no indentation': '{\n"SERVERS": {\n"other": {"command": "x"}\n}\n}\n',
  CRLF: '{\r\n    "SERVERS": {\r\n        "other": { "command": "x" }\r\n    }\r\n}\r\n',
  'escapes and emoji': '{"k\\u0065y\\n": "\\"}, // no comment", "SERVERS": {"ü 🛎": {"command": "\\\\"}}}\n',
  'a member named __proto__': '{\n  "__proto__": {"a": 1},\n  "SERVERS": {"__proto__": {"b": 2}}\n}\n',
}

const comments: Fixtures = {
  'comments everywhere':
    '// top\n{ // open\n  /* a */ "a": /* v */ 1, // after a\n  "SERVERS": { // servers\n    // other is\n    "other": { "command": "x" } // the last\n    // end\n  } /* c */ // d\n  // foot\n} // close\n// end',
  'comments and nothing else': '{\n  // nothing yet\n}\n',
  'a comment in empty servers': '{ "SERVERS": { /* none */ }\n}',
  'a comment behind the last member': '{"SERVERS": {"other": {"command": "x"} // last\n}}',
}

const relaxed: Fixtures = {
  'trailing commas': '{\n  "SERVERS": {\n    "other": { "command": "x", },\n  },\n}\n',
  'trailing commas with comments':
    '{\n  "SERVERS": {\n    "other": { "command": "x" }, // last\n    // end\n  }, /* c */\n}',
  'trailing commas in one line': '{"SERVERS":{"other":{"command":"x",},},}',
}

const toml: Fixtures = {
  'an empty file': '',
  'blanks only': '\n\n',
  'no servers': 'model = "x"\n',
  'no final newline': 'model = "x"',
  'comments everywhere':
    '# top\n\nmodel = "x" # which\n\n# servers\n[mcp_servers.other] # other\n# command\ncommand = "x" # c\n# end\n',
  'other servers with an env': '[mcp_servers.other]\ncommand = "x"\n\n[mcp_servers.other.env]\nA = "1"\n\n',
  'a table of servers': '[mcp_servers]\nother = { command = "x", args = [] }\n\n[tui]\ntheme = "dark"\n',
  'an inline table of servers': 'mcp_servers = { other = { command = "x" } } # all\n[tui]\nx = 1\n',
  'an empty inline table': 'mcp_servers = {}\n',
  'an inline table over lines': 'mcp_servers = {\n  other = { command = "x" }, # o\n}\n',
  'dotted keys': 'mcp_servers.other.command = "x"\nmcp_servers.other.args = ["a",\n  "b", # c\n]\n',
  'quoted keys': '["mcp_servers".\'other one\']\n"command" = \'x\'\n',
  'arrays of tables after':
    '[mcp_servers.other]\ncommand = "x"\n\n[[hooks.Stop]]\nname = """\n[mcp_servers.fake]\n"""\n[[hooks.Stop]]\n',
  CRLF: 'model = "x"\r\n[mcp_servers.other]\r\ncommand = "x"\r\n',
  'dates and numbers': 'd = 1979-05-27T07:32:00Z\nn = nan\ni = 0xFF\nl = 07:32:00\n[mcp_servers]\n',
}

/** Texts of the file of servers. */
export function serverFixtures({ format, servers }: Notation): [name: string, text: string][] {
  const named = (fixtures: Fixtures): [string, string][] =>
    Object.entries(fixtures).map(([name, text]) => [name, text.replaceAll('SERVERS', servers)])
  if (format === 'toml') return named(toml)
  return named({ ...plain, ...(format !== 'strict' && comments), ...(format === 'relaxed' && relaxed) })
}

/** Texts of the file of hooks. */
export function hookFixtures({ event, format, flat }: NonNullable<Notation['hooks']>): [name: string, text: string][] {
  const other = flat
    ? '{ "command": "echo mine" }'
    : '{ "matcher": "*", "hooks": [{ "type": "command", "command": "echo mine" }] }'
  // A file of hooks that somebody uses has the version that its assistant asks for.
  const head = flat ? '"version": 1, ' : ''
  const texts: Fixtures = {
    'an empty file': '',
    'an empty object': '{ }\n',
    'no hooks': '{\n\t"a": true\n}\n',
    'empty hooks': '{"hooks": {}}',
    'an event without hooks': `{\n  "hooks": {\n    "${event}": []\n  }\n}\n`,
    'other hooks on the same event': `{\n  ${head}"hooks": {\n    "${event}": [\n      ${other}\n    ]\n  }\n}\n`,
    'other hooks in one line': `{${head}"hooks": {"${event}": [${other}, ${other}], "PreToolUse": [${other}]}}`,
    CRLF: `{\r\n   ${head}"hooks": {\r\n      "${event}": [${other}]\r\n   }\r\n}`,
    ...(format !== 'strict' && {
      comments: `{ // a\n  ${head}"hooks": { // b\n    "${event}": [ // c\n ${other} // d\n ] } }`,
    }),
    ...(format === 'relaxed' && { 'trailing commas': `{ ${head}"hooks": { "${event}": [${other},], }, }` }),
  }
  return Object.entries(texts)
}
