/** The features, each of which mounts its own routes. Routes are matched in this order. */
import { activate } from '../features/activation/routes.ts';
import { publicLog } from '../features/auditLog/publicLog.routes.ts';
import { block } from '../features/block/routes.ts';
import { newPassword } from '../features/newPassword/routes.ts';
import { desk } from '../features/desk/routes.ts';
import { developers } from '../features/developers/routes.ts';
import { languageChoice } from '../features/info/language.routes.ts';
import { info } from '../features/info/routes.ts';
import { wellKnown } from '../features/info/wellKnown.routes.ts';
import { orderSignIn } from '../features/order/orderSignIn.routes.ts';
import { order } from '../features/order/routes.ts';
import { selfService } from '../features/selfService/routes.ts';
import { logout } from '../features/sessions/logout.routes.ts';
import { browserSession } from '../features/sessions/routes.ts';
import { signIn } from '../features/signIn/routes.ts';
import type { Feature } from '../features/feature.ts';

export const FEATURES: readonly Feature[] = [
  activate,
  block,
  newPassword,
  logout,
  info,
  languageChoice,
  wellKnown,
  publicLog,
  browserSession,
  signIn,
  order,
  orderSignIn,
  desk,
  selfService,
  developers,
];
