import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { resultsPage } from './page.ts'
import { barPlot, curvePlot } from './plots.ts'
import { rawFigures, type Report } from './report.ts'

/** Writes page, plots and raw figures into a folder. */
export async function writeReport(report: Report, folder: string): Promise<void> {
  const plots = { 'results.svg': await barPlot(report.outcomes), 'curves.svg': await curvePlot(report.outcomes) }
  for (const [name, svg] of Object.entries(plots)) if (svg !== undefined) writeFileSync(join(folder, name), svg)
  writeFileSync(join(folder, 'RESULTS.md'), resultsPage(report))
  writeFileSync(join(folder, 'results.json'), rawFigures(report))
}
