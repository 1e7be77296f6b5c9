/** What is wrong with a certificate or with TLS, and what to do about it. */
export interface TlsProblem {
  readonly problem: string
  readonly next: string
}

const theAuthority = 'the certificate of the authority that signed it (or with itself, if it signed itself)'
const unknownAuthority: TlsProblem = {
  problem: 'its certificate was signed by nobody whom this program trusts',
  next: `Set NODE_EXTRA_CA_CERTS to a PEM file with ${theAuthority}, in the environment in which this program starts.`,
}
const outOfTime: TlsProblem = {
  problem: 'its certificate is not valid now',
  next: 'Renew it on the machine of the hub (the hub takes the new files over by itself), and check the clocks of both machines.',
}

/** By the code of the error: that of OpenSSL, or of Node. */
const problems: Readonly<Record<string, TlsProblem>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  CERT_HAS_EXPIRED: outOfTime,
  CERT_NOT_YET_VALID: outOfTime,
  ERR_TLS_CERT_ALTNAME_INVALID: {
    problem: 'its certificate is for another name',
    next: 'Set BELLHOP_URL to a name that stands in the certificate, or get one for the name that is set.',
  },
}

const noTls: TlsProblem = {
  problem: 'it speaks no TLS on that port',
  next: 'Set BELLHOP_URL to ws:// in place of wss://; or give the hub a certificate (BELLHOP_TLS_CERT, BELLHOP_TLS_KEY).',
}

/** Node's words for a connection that was closed before anything was answered, as a port of TLS does to a request without it. */
const hungUp = 'socket hang up'
const noAnswer: TlsProblem = {
  problem: 'it closed the connection without an answer',
  next: 'If the hub has a certificate, set BELLHOP_URL to wss:// in place of ws://. Otherwise it may be starting anew: try again in a moment.',
}

/**
 * What about TLS keeps a program from a hub; undefined where it is something else. `protocol`: that of the hub's URL, `ws:`
 * or `wss:`; undefined for a socket, which has no TLS. `extraAuthorities`: the file that Node was told to take more
 * authorities from, if it was.
 */
export function tlsProblem(
  error: Error,
  protocol: string | undefined,
  extraAuthorities: string | undefined = process.env['NODE_EXTRA_CA_CERTS'],
): TlsProblem | undefined {
  const code = 'code' in error ? String(error.code) : ''
  if (protocol === 'ws:') return code === 'ECONNRESET' && error.message === hungUp ? noAnswer : undefined
  // Node has this one code for all that OpenSSL finds wrong with what comes, and OpenSSL's words behind it.
  if (code === 'EPROTO' && /wrong version number|packet length too long/.test(error.message)) return noTls
  const known = Object.hasOwn(problems, code) ? problems[code] : undefined
  if (known !== unknownAuthority || !extraAuthorities) return known
  const next = `NODE_EXTRA_CA_CERTS is set to ${extraAuthorities}: see that this file is there and can be read, and is a PEM file with ${theAuthority}; then start this program again.`
  return { ...known, next }
}
