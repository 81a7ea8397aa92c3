/** An error in Azure's words; `flat` chooses the envelope of Microsoft.Devices. */
export class ArmError extends Error {
  readonly status: number
  readonly code: string
  readonly options: ArmErrorOptions

  constructor(status: number, code: string, message: string, options: ArmErrorOptions = {}) {
    super(message)
    this.status = status
    this.code = code
    this.options = options
  }
}

export interface ArmErrorOptions {
  readonly flat?: boolean
  readonly target?: string
  readonly headers?: Readonly<Record<string, string>>
}
