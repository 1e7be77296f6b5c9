/** Seen well on white and on black. */
export const classColours = { A: '#d97706', B: '#3b82f6', C: '#10b981', none: '#8b949e' } as const
export const seriesColours = [
  '#10b981',
  '#3b82f6',
  '#d97706',
  '#a855f7',
  '#ef4444',
  '#14b8a6',
  '#eab308',
  '#8b949e',
] as const
/** Lines and grids: between black and white. */
export const grey = '#8b949e'

/** Text follows the reader's choice of light or dark. Style sheets win over the attributes that are written for each element. */
export const themeStyle = '<style>text{fill:#1f2328}@media (prefers-color-scheme:dark){text{fill:#e6edf3}}</style>'
