import type { TestContext } from 'vitest'
import { Correspondent } from './correspondent.ts'
import { prepareGemini, type Gemini } from './gemini.ts'
import { ScriptedModel } from './model.ts'
import { gemini as dialect } from './models/gemini.ts'
import { installBellhop } from './registration.ts'
import { requireTool } from './tools.ts'

interface Scene {
  readonly rose: Correspondent
  readonly model: ScriptedModel
  readonly gemini: Gemini
}

/** Gemini CLI as `bellhop install` sets it up, a scripted model, and another agent that writes to it. */
export async function startGeminiScene(context: Pick<TestContext, 'skip'>): Promise<Scene> {
  const program = requireTool('gemini', context)
  const rose = await Correspondent.start()
  const model = await ScriptedModel.start(dialect)
  return { rose, model, gemini: await geminiBeside(rose, program, model) }
}

export async function geminiBeside(rose: Correspondent, program: string, model: ScriptedModel): Promise<Gemini> {
  const gemini = prepareGemini({ program, model, env: { ...rose.env, BELLHOP_NAME: 'gemini' } })
  await installBellhop('gemini', gemini.env)
  return gemini
}
