import { describe, expect, it } from '@jest/globals'
import type { Emulator } from '../../emulator/index.ts'
import { copyWorld, restoreWorld } from '../../emulator/world.ts'
import { recover } from './crashes.ts'
import { MODELS } from './models.ts'
import { apply, PATIENCE_MS, Pool, told } from './pool.ts'

const pool = new Pool('fast')

describe.each(MODELS)('a crash at every request, model %s', (model) => {
  const fresh = { 'service-version': model }

  it(
    'of a fresh apply: the next apply ends where an undisturbed one does',
    async () => {
      expect(await recover(pool, fresh, () => {})).toEqual([])
    },
    PATIENCE_MS
  )

  it(
    'of a destroy: the next destroy leaves nothing',
    async () => {
      const [saved] = await pool.map([0], async (azure) => {
        expect(told(await apply(azure, fresh))).not.toContain('::error')
        return copyWorld(azure.world)
      })
      const restore = ({ world }: Emulator) => saved && restoreWorld(world, saved)
      const destroy = { ...fresh, operation: 'destroy', confirm: 'test', location: '' }
      expect(await recover(pool, destroy, restore)).toEqual([])
    },
    PATIENCE_MS
  )
})
