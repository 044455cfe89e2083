import type { VNode } from 'preact';
import type { ListedSecurityKey } from '../../../domain/factors/securityKey.ts';
import { MAX_SECURITY_KEYS } from '../../../domain/factors/securityKey.ts';
import type { Language } from '../../../domain/language/language.ts';
import { writeDay, writePastMoment, writeTime } from '../../../ui/language.ts';
import { FormPage, listFault, Submit } from '../../../ui/form.tsx';
import { Notice } from '../../../ui/pages/notice.page.tsx';
import { CreationForm, NameField, type CreationView } from '../../../ui/webauthn/creationForm.tsx';
import { GuardianNeeded } from '../../guardian/index.ts';
import { SelfForm, SelfServicePage, type SelfServiceFrame } from '../selfServiceFrame.page.tsx';

export const SECURITY_KEYS_PATH = '/self-service/security-keys';

export interface SelfSecurityKeysPage extends SelfServiceFrame {
  readonly keys: readonly ListedSecurityKey[];
  /** Under 15: one is added at a desk. */
  readonly needsGuardian: boolean;
  readonly now: Date;
  readonly done: 'removed' | 'stopped' | 'renamed' | null;
  /** A name that was not saved, and why. */
  readonly renaming: {
    readonly id: string;
    readonly typed: string;
    readonly fault: 'empty' | 'too_long';
  } | null;
}

/** The person's security keys and passkeys, each with its name, its state, and a form to remove it. */
export function SelfSecurityKeysPage(props: SelfSecurityKeysPage): VNode {
  const { t, keys, done, renaming } = props;
  const words = t.securityKeyPages;
  return (
    <FormPage
      layout={SelfServicePage}
      frame={props}
      page="self-security-keys"
      title={words.title}
      errors={renaming ? listFault(`name-${renaming.id}`, t.securityKeys.nameFault[renaming.fault]) : []}
    >
      {done ? <Notice text={words.isDone[done]} kind="success" /> : null}
      <p>{props.needsGuardian ? words.kinds : `${words.intro} ${words.kinds}`}</p>
      <p>{words.card}</p>
      {keys.length === 0 ? <p>{words.none}</p> : null}
      {keys.map((one) => (
        <SecurityKeyItem {...props} item={one} key={one.id} />
      ))}
      <AddLink {...props} />
    </FormPage>
  );
}

function AddLink({ t, contact, keys, needsGuardian }: SelfSecurityKeysPage): VNode {
  const words = t.securityKeyPages;
  if (needsGuardian) return <GuardianNeeded t={t} contact={contact} what="securityKey" />;
  if (keys.length >= MAX_SECURITY_KEYS) return <p>{words.full}</p>;
  return (
    <p>
      <a class="button button-primary" href={`${SECURITY_KEYS_PATH}/add`}>
        {words.add}
      </a>
    </p>
  );
}

function SecurityKeyItem(props: SelfSecurityKeysPage & { item: ListedSecurityKey }): VNode {
  const { t, language, user, now, item, renaming } = props;
  const words = t.securityKeyPages;
  const { id, name, countsFrom, lastUsedAt } = item;
  const isWaiting = countsFrom > now;
  const opensAt = `${writeDay(countsFrom, language)} ${writeTime(countsFrom, language)}`;
  const own = renaming?.id === id ? renaming : null;
  const which = <span class="sr-only">{words.of(name)}</span>;
  return (
    <section class="noegle-item">
      <h2>{name}</h2>
      {isWaiting ? (
        <p>
          <strong>{words.waits(opensAt)}</strong> {words.waitsMeans}
        </p>
      ) : null}
      <p>{item.isSynced ? words.kind.synced : words.kind.bound}</p>
      <p>
        {words.added(writeMoment(item.addedAt, language))} {words.addedAt[item.addedBy]}{' '}
        {isWaiting ? null : lastUsedAt ? words.used(writeMoment(lastUsedAt, language)) : words.notUsed}
      </p>
      <details open={own !== null}>
        <summary>
          {words.rename} {which}
        </summary>
        <SelfForm user={user} action={SECURITY_KEYS_PATH} hidden={{ do: 'rename', key: id }}>
          <NameField
            id={`name-${id}`}
            label={words.newName}
            value={own?.typed ?? name}
            fault={own && t.securityKeys.nameFault[own.fault]}
          />
          <Submit text={words.renameSubmit} isMain={false} />
        </SelfForm>
      </details>
      <details>
        <summary>
          {isWaiting ? words.stop : words.remove} {which}
        </summary>
        <p>{isWaiting ? words.stopMeans : words.removeMeans}</p>
        <SelfForm user={user} action={SECURITY_KEYS_PATH} hidden={{ do: 'remove', key: id }}>
          <Submit
            text={
              <>
                {isWaiting ? words.stopSubmit : words.removeSubmit} {which}
              </>
            }
            isMain={isWaiting}
          />
        </SelfForm>
      </details>
    </section>
  );
}

function writeMoment(at: Date, language: Language): string {
  const { day, time } = writePastMoment(at, language);
  return `${day} ${time}`;
}

export interface SelfSecurityKeyAddPage extends SelfServiceFrame {
  readonly creation: CreationView;
  readonly typed: string;
  readonly nameFault: 'empty' | 'too_long' | null;
  /** Why the last one was not added. */
  readonly fault: keyof SelfServiceFrame['t']['securityKeys']['faults'] | null;
}

export function SelfSecurityKeyAddPage(props: SelfSecurityKeyAddPage): VNode {
  const { t, user, creation, typed, fault, nameFault } = props;
  const words = t.securityKeyPages;
  const faultText = fault && t.securityKeys.faults[fault];
  const nameText = nameFault && t.securityKeys.nameFault[nameFault];
  return (
    <FormPage
      layout={SelfServicePage}
      frame={props}
      page="self-security-key-add"
      title={words.addTitle}
      errors={listFault('name', nameText ?? faultText)}
    >
      <ol class="noegle-list">
        {words.addSteps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p>{words.addWait}</p>
      <p>{words.addYours}</p>
      <CreationForm
        t={t}
        action={`${SECURITY_KEYS_PATH}/add`}
        hidden={{ csrf: user.csrf }}
        creation={creation}
        typedName={typed}
        nameFault={nameText}
      >
        <a href={SECURITY_KEYS_PATH}>{words.cancel}</a>
      </CreationForm>
    </FormPage>
  );
}
