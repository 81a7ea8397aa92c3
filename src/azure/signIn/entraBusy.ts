import type { PipelineResponse } from '@azure/core-rest-pipeline'
import { parseObject } from '../errors/azureError.ts'

/** Entra says this when it is busy, or something behind it is, whatever the status (contract 20.5). */
const BUSY_CODES: ReadonlySet<number> = new Set([50196, 90006, 90033])

/** @param code an AADSTS number */
export function isBusyCode(code: unknown): boolean {
  return BUSY_CODES.has(Number(code))
}

/** True for a refusal of Microsoft Entra's token endpoint that passes by itself. */
export function isEntraBusy({ status, bodyAsText }: PipelineResponse): boolean {
  if (status < 400 || !bodyAsText?.includes('error_codes')) return false
  const body: { readonly error?: unknown; readonly error_codes?: unknown } | undefined =
    parseObject(bodyAsText)
  const codes = Array.isArray(body?.error_codes) ? body.error_codes : []
  return body?.error === 'temporarily_unavailable' || codes.some(isBusyCode)
}
