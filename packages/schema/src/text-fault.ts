/** A fault at a place of the text itself, found before or while its values are read. */
export interface TextFault {
  code: string
  message: string
  offset: number
  related?: { offset: number; message: string }[]
}
