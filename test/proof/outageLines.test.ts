/**
 * An outage is about a line a second in the log and has no stack, whatever is away: the print house, the mail
 * server, a relying party's keys and log-outs, a folder, the database.
 */
import { chmod } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { enqueueNotice } from '../../src/db/cards/notices.ts';
import { enqueueLogout } from '../../src/db/oidc/backchannelLogouts.ts';
import { orderPasswordLetter } from '../../src/features/identity/orderPasswordLetter.ts';
import { aKey, aPerson, aRelyingParty, authRequest, freePort, Nodes, TestBrowser } from '../support/index.ts';
import { CutProxy } from '../support/cutProxy.ts';
