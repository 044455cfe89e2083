/**
 * The rules of an order made online, as it is typed and as it is compared. No one sees the person: their
 * identity is established only by the population register, and by a document whose number the register has.
 */
import type { CardFormat } from '../../domain/card/cardFormat.ts';
import { toDanishDay } from '../../domain/calendar.ts';
import { parseEmail } from '../../domain/person/email.ts';
import { isReadable } from '../../domain/input/typedText.ts';
import type { PostalAddress } from '../../domain/letter.ts';
import { fullName, type Language, type Names } from '../../domain/person/person.ts';
import { isYoungerThan } from '../../domain/issuing/application.ts';
import { parseCpr } from '../../domain/person/cpr.ts';
import {
  checkIdentification,
  foldDocumentNumber,
  type IdentificationKind,
} from '../../domain/issuing/identification.ts';
import { isPersonName, isSameName } from '../../domain/person/names.ts';
import { TERMS_VERSION, type AcceptedTerms } from '../../domain/issuing/terms.ts';

/** The documents whose numbers the register has. */
export const ONLINE_DOCUMENTS = ['passport', 'driving_licence'] as const;
export type OnlineDocument = (typeof ONLINE_DOCUMENTS)[number];

export interface OrderInput {
  readonly cpr: string;
  readonly name: string;
  readonly documentKind: string;
  readonly documentNumber: string;
  readonly email: string;
  readonly cardFormat: CardFormat;
  readonly withoutInterpreter: boolean;
  readonly operatesAlone: boolean;
  readonly accepts: boolean;
  /** The terms, and their language, that the page showed. */
  readonly termsVersion: string;
  readonly language: Language;
}

export interface OnlineOrder {
  /** Ten digits. */
  readonly cpr: string;
  readonly name: string;
  readonly document: { readonly kind: OnlineDocument; readonly number: string };
  readonly email: string | null;
  readonly cardFormat: CardFormat;
  readonly terms: AcceptedTerms;
}

/** The possible faults of each field, in the order of the page. */
export interface OrderFaults {
  readonly cpr?: 'missing' | 'malformed' | 'impossible_date' | 'under_15';
  readonly name?: 'incomplete' | 'unreadable';
  readonly documentKind?: 'missing';
  readonly documentNumber?: 'missing' | 'malformed';
  readonly email?: 'malformed';
  readonly withoutInterpreter?: 'not_ticked';
  readonly operatesAlone?: 'not_ticked';
  readonly terms?: 'not_ticked' | 'changed';
}

/** The pages with fields, in their order, each with those whose faults it shows, in reading order. */
export const ORDER_STEPS = {
  person: ['cpr', 'name', 'documentKind', 'documentNumber', 'email'],
  terms: ['withoutInterpreter', 'operatesAlone', 'terms'],
} as const satisfies Record<string, readonly (keyof OrderFaults)[]>;
export type OrderStep = keyof typeof ORDER_STEPS;

/** Returns the first page with a fault; null when everything can be checked and sent. */
export function findFaultyStep(faults: OrderFaults): OrderStep | null {
  const steps = Object.keys(ORDER_STEPS) as OrderStep[];
  return steps.find((step) => ORDER_STEPS[step].some((field) => faults[field] !== undefined)) ?? null;
}

/** Returns the page of a field that the person wants to change. */
export function findStepOfField(field: string): OrderStep {
  return ORDER_STEPS.terms.some((one) => one === field) ? 'terms' : 'person';
}

export type OrderParseResult =
  | { readonly kind: 'complete'; readonly order: OnlineOrder }
  | { readonly kind: 'faulty'; readonly faults: OrderFaults };

/** Returns the documents that may be used online: those in the register that are accepted at all. */
export function listOnlineDocuments(kinds: readonly IdentificationKind[]): readonly IdentificationKind[] {
  return kinds.filter(({ code }) => isOnlineDocument(code));
}

/**
 * Reads the form and returns all faults together, before anything is looked up. It reveals nothing that is
 * not on the page.
 */
export function readOrder(
  typed: OrderInput,
  { kinds, now }: { kinds: readonly IdentificationKind[]; now: Date },
): OrderParseResult {
  const cpr = parseCpr(typed.cpr);
  const kind = listOnlineDocuments(kinds).find(({ code }) => code === typed.documentKind)?.code;
  const email = parseEmail(typed.email);
  const hasEmail = typed.email.trim() !== '';
  const faults = trimOrderInput({
    cpr: findCprFaultOfOrder(typed.cpr, now),
    name: findNameFault(typed.name),
    documentKind: kind === undefined ? 'missing' : undefined,
    documentNumber: findDocumentNumberFault(typed, kinds, now),
    email: hasEmail && email === null ? 'malformed' : undefined,
    withoutInterpreter: typed.withoutInterpreter ? undefined : 'not_ticked',
    operatesAlone: typed.operatesAlone ? undefined : 'not_ticked',
    terms: typed.termsVersion !== TERMS_VERSION ? 'changed' : typed.accepts ? undefined : 'not_ticked',
  });
  if (Object.keys(faults).length > 0 || typeof cpr === 'string' || !isOnlineDocument(kind)) {
    return { kind: 'faulty', faults };
  }
  const order: OnlineOrder = {
    cpr: cpr.digits,
    name: typed.name,
    document: { kind, number: typed.documentNumber },
    email,
    cardFormat: typed.cardFormat,
    terms: { version: typed.termsVersion, language: typed.language },
  };
  return { kind: 'complete', order };
}

type OrderBlanks<T> = { readonly [Key in keyof T]: T[Key] | undefined };

function trimOrderInput(faults: OrderBlanks<OrderFaults>): OrderFaults {
  return Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault !== undefined));
}

function isOnlineDocument(code: string | undefined): code is OnlineDocument {
  return ONLINE_DOCUMENTS.some((one) => one === code);
}

/** A number that fails modulus 11 has no fault: since 2007 such numbers are issued. */
function findCprFaultOfOrder(typed: string, now: Date): OrderFaults['cpr'] {
  if (typed.trim() === '') return 'missing';
  const cpr = parseCpr(typed);
  if (typeof cpr === 'string') return cpr;
  if (cpr.birthdate > toDanishDay(now)) return 'impossible_date';
  return isYoungerThan(cpr.birthdate, 15, now) ? 'under_15' : undefined;
}

function findNameFault(typed: string): OrderFaults['name'] {
  if (!isReadable(typed)) return 'unreadable';
  return isPersonName(typed) ? undefined : 'incomplete';
}

function findDocumentNumberFault(
  { documentKind, documentNumber }: OrderInput,
  kinds: readonly IdentificationKind[],
  now: Date,
): OrderFaults['documentNumber'] {
  if (documentNumber.trim() === '') return 'missing';
  // The number is read regardless of the kind, which has its own fault.
  const kind = listOnlineDocuments(kinds).some(({ code }) => code === documentKind)
    ? documentKind
    : (kinds[0]?.code ?? '');
  const fault = checkIdentification(
    { kind, number: documentNumber, expiresOn: null },
    kinds,
    toDanishDay(now),
  );
  return fault === 'number_missing' ? 'malformed' : undefined;
}

/** The data of the register that an online order is compared with. */
export interface RegisteredPersonData extends Names {
  readonly status: 'active' | 'dead' | 'emigrated';
  readonly address: PostalAddress | null;
  readonly passport: string | null;
  readonly drivingLicence: string | null;
}

/** Compares everything together: no one learns which part did not match. */
export function matchesRegister({ name, document }: OnlineOrder, registered: RegisteredPersonData): boolean {
  const { status, address, passport, drivingLicence } = registered;
  const number = document.kind === 'passport' ? passport : drivingLicence;
  return (
    status === 'active' &&
    address !== null &&
    number !== null &&
    foldDocumentNumber(number) === foldDocumentNumber(document.number) &&
    isSameName(name, fullName(registered))
  );
}
