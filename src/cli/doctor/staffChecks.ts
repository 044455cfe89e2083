/** Whether those who run Nøgle could still sign in at the desk, by what the settings require of staff. */
import type { Rules } from '../../domain/rules.ts';
import type { Inspector } from '../../db/operations/inspection.ts';
import { countOperatorsWithSecurityKey } from '../../db/operations/staffSecurityKeys.ts';
import { fault, passed, warning, type Finding } from './finding.ts';

const NAME = 'staff-security-keys';
const HOW = 'docs/how-to/desk.md#security-keys-of-staff';

/** Two, because operators propose and approve each other. */
const NEEDED = 2;

export async function checkStaffSecurityKeys(inspector: Inspector, { staff }: Rules): Promise<Finding[]> {
  const { operators, withKey } = await countOperatorsWithSecurityKey(inspector);
  const counted = `${withKey} of ${operators} operators have a security key that counts`;
  const isRequired = staff.requires === 'security_key';
  if (isRequired && withKey < NEEDED) {
    return [fault(NAME, `staff.requires is security_key, and only ${counted}`, HOW)];
  }
  if (!isRequired && withKey >= NEEDED) {
    const mend = `set { "staff": { "requires": "security_key" } } in NOEGLE_RULES_FILE: ${HOW}`;
    return [warning(NAME, `${counted}, and staff still sign in with a card`, mend)];
  }
  return [passed(NAME, `${counted}; staff.requires is ${staff.requires}`)];
}
