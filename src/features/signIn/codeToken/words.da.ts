/** Texts of the step that asks for a code of a code token, in Danish. */
export const codeTokenStepDa = {
  title: 'Kode fra kodeviseren',
  heading: 'Skriv koden fra din kodeviser',
  choice: 'Brug din kodeviser',
  card: 'Eller brug en nøgle fra dit kort',
  /** Around the serial number. */
  how: ['Skriv den kode, som kodeviser', 'viser lige nu.'] as readonly [string, string],
  label: 'Kode',
  submit: 'Log på med koden',
  malformed: (digits: number) => `Koden skal være ${digits} cifre. Skriv alle cifrene på kodeviseren.`,
  wrong: 'Koden er ikke rigtig. Vent, til kodeviseren viser en ny kode, og skriv den.',
  lastBeforeLock: 'Er den næste også forkert, lukker vi for koder og nøgler i nogle timer.',
  lastBeforeBlock: 'Er den næste også forkert, spærrer vi din kodeviser og dit nøglekort.',
  far: 'Uret i din kodeviser går forkert, så koden passer ikke. Brug en nøgle fra dit kort i dag. I selvbetjeningen kan du stille kodeviseren under »Kodeviser«. Har du ikke et kort, så gå til Borgerservice.',
  beyond:
    'Uret i din kodeviser går mere end 20 minutter forkert, og så kan den ikke bruges mere. Brug en nøgle fra dit kort, og bestil en anden kodeviser i selvbetjeningen, eller få en i Borgerservice.',
  spent: 'Den kode er brugt. Vent, til kodeviseren viser en ny, og skriv den.',
};
