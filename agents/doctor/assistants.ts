import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { assistantIds, assistants, type AssistantId } from '../assistants/index.ts'
import { InstallProblem, presenceOf, recipes, type Machine, type Presence } from '../install/index.ts'
import { bad, good, notice, type Finding } from './finding.ts'

/** The registration and the hooks of every assistant that is on this machine. */
export function examineAssistants(machine: Machine, hasProgram: (name: string) => boolean): Finding[] {
  const there = assistantIds.filter((id) => isThere(id, machine, hasProgram))
  if (there.length === 0) {
    return [notice('assistant', 'No assistant that Bellhop knows was found.', 'bellhop install --help lists them.')]
  }
  return there.flatMap((id) => examineOne(id, machine))
}

function isThere(id: AssistantId, machine: Machine, hasProgram: (name: string) => boolean): boolean {
  const recipe = recipes[id]
  if (recipe.hasPlugin?.(machine)) return true
  if (recipe.proof && hasProgram(recipe.proof.program)) return true
  const { path } = recipe.registration(machine)
  const folder = dirname(path)
  // A file in the user's own folder says nothing by its folder.
  return existsSync(folder === machine.userFolder ? path : folder)
}

function examineOne(id: AssistantId, machine: Machine): Finding[] {
  const { title } = assistants[id]
  const recipe = recipes[id]
  const command = `bellhop install ${id}${recipe.hooks ? ' --hooks' : ''}`
  try {
    const registration = presenceOf(recipe, machine, 'registration')
    if (recipe.hasPlugin?.(machine)) return [pluginFinding(id, machine, registration)]
    const findings = [registrationFinding(title, registration, command)]
    if (registration === 'absent' || !recipe.hooks) return findings
    const hooks = presenceOf(recipe, machine, 'hooks')
    return [...findings, hooksFinding(title, hooks, command)]
  } catch (error) {
    if (!(error instanceof InstallProblem)) throw error
    return [bad('assistant', `${title}: ${error.message}`, error.next)]
  }
}

/** A plugin brings its own server and hooks: with those of the files, every session would have two. */
function pluginFinding(id: AssistantId, machine: Machine, registration: Presence): Finding {
  const { title } = assistants[id]
  const recipe = recipes[id]
  const hooks = recipe.hooks ? presenceOf(recipe, machine, 'hooks') : 'absent'
  if (registration === 'absent' && hooks === 'absent') return good('assistant', `${title} has Bellhop as a plugin`)
  return bad('assistant', `${title} has Bellhop twice: as a plugin and by its files.`, `bellhop uninstall ${id}`)
}

function registrationFinding(title: string, presence: Presence, command: string): Finding {
  switch (presence) {
    case 'absent':
      return notice('assistant', `${title} does not know Bellhop.`, command)
    case 'current':
      return good('assistant', `${title} knows Bellhop`)
    case 'outdated':
      return bad('assistant', `${title} starts another Bellhop, or in another way, than this one.`, command)
  }
}

function hooksFinding(title: string, presence: Presence, command: string): Finding {
  switch (presence) {
    case 'absent':
      return notice('assistant', `${title} has no Bellhop hooks: mail waits for the next Bellhop tool call.`, command)
    case 'current':
      return good('assistant', `${title} has its hooks`)
    case 'outdated':
      return bad('assistant', `${title} has hooks of another Bellhop than this one.`, command)
  }
}
