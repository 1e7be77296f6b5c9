#!/usr/bin/env node
// The command `bellhop`. CommonJS in old syntax, so that a Node that is too old for everything else can still
// read this file (from 10 on), and say so.
'use strict'

const { existsSync } = require('fs')
const { join } = require('path')

const needed = [22, 18]
const [major, minor] = process.versions.node.split('.').map(Number)

if (major > needed[0] || (major === needed[0] && minor >= needed[1])) {
  // A checkout has sources, and what was once built from them may be old; the package has only what was built.
  void import(existsSync(join(__dirname, 'main.ts')) ? './main.ts' : '../../dist/agents/cli/main.js')
} else {
  process.stderr.write(
    `Bellhop needs Node ${needed.join('.')} or later, and this is Node ${process.versions.node} (${process.execPath}).\n` +
      'Get one from https://nodejs.org or with your version manager (nvm install 24), and run this again.\n',
  )
  process.exitCode = 1
}
