import { ArmError } from '../armError.ts'

/** An error in the words of the DPS data planes: a number whose first three digits are the status (contract 10). */
export class DpsError extends ArmError {
  constructor(errorCode: number, message: string) {
    super(Math.floor(errorCode / 1000), String(errorCode), message)
  }
}
