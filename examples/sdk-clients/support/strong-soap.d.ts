declare module 'strong-soap' {
  export const soap: {
    createClient(
      url: string,
      options: Readonly<Record<string, unknown>>,
      callback: (error: Error | null, client: object) => void,
    ): void
  }
}
