import type { VNode } from 'preact';
import { Page, type PageFrame } from '../../../ui/layout.tsx';
import { AppointmentLink } from '../../../ui/borgerservice.tsx';
import { FormPage, listFault, Submit, TickBox } from '../../../ui/form.tsx';
import { SelfForm, SelfServicePage, type SelfServiceFrame } from '../selfServiceFrame.page.tsx';

export interface SelfClosePage extends SelfServiceFrame {
  /** The form was sent without the tick. */
  readonly isUnticked: boolean;
}

/** Closing is permanent: the page states it explicitly, and requires a tick. */
export function SelfClosePage(props: SelfClosePage): VNode {
  const { t, user, isUnticked } = props;
  const words = t.selfService.close;
  return (
    <FormPage
      layout={SelfServicePage}
      frame={props}
      page="self-close"
      title={words.title}
      errors={listFault('understood', isUnticked && words.fault)}
    >
      <p>{words.what}</p>
      <ul class="noegle-list">
        {words.points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      <p>{words.undo}</p>
      <AppointmentLink {...props} />
      <p>
        <a href="/self-service/block">{words.instead}</a>
      </p>
      <SelfForm user={user} action="/self-service/close">
        <TickBox name="understood" label={words.understood} value="1" fault={isUnticked && words.fault} />
        <Submit text={words.submit} />
      </SelfForm>
    </FormPage>
  );
}

export function SelfClosedPage(props: PageFrame): VNode {
  const words = props.t.selfService.closed;
  return (
    <Page {...props} page="self-closed" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      <p>{words.next}</p>
      <p>
        <a href="/services">{words.services}</a>
      </p>
    </Page>
  );
}
