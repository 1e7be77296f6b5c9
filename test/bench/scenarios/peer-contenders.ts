import type { DriverName } from '../drivers/index.ts'
import type { Peer } from '../peer.ts'
import { peers } from '../peers/index.ts'
import type { Contender, Sample } from '../scenario.ts'
import type { Workshop } from '../running/workshop.ts'

/** One run against a peer that `measure` has to start and stop. */
type Measure = (workshop: Workshop, peer: Peer, driver: DriverName) => Promise<Sample>

/**
 * A contender for each driver of each peer that `fits`. The first driver's has the peer's id; those of
 * further ones are called `<peer>-<driver>`.
 */
export function peerContenders(
  measure: Measure,
  fits: (peer: Peer, driver: DriverName) => boolean = () => true,
): Contender[] {
  return peers.flatMap((peer) => {
    const missing = peer.missing()
    return peer.drivers
      .filter(({ name }) => fits(peer, name))
      .map(({ name, label }) => ({
        id: name === peer.drivers[0]?.name ? peer.id : `${peer.id}-${name}`,
        label: peer.drivers.length === 1 ? peer.label : `${peer.label}, ${label}`,
        peer: peer.id,
        durability: peer.durability,
        ...(peer.note !== undefined && { note: peer.note }),
        ...(missing !== undefined && { missing }),
        measure: (workshop: Workshop) => measure(workshop, peer, name),
      }))
  })
}

/** The hub and what it is measured by, each with the client library. */
export function isPair({ id }: Peer, driver: DriverName): boolean {
  return (id === 'hub' || id === 'relay') && driver === 'library'
}
