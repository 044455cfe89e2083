/** Whether those who run Nøgle could still sign in at the desk, by what the settings require of staff. */
import type { Rules } from '../../domain/rules.ts';
import { rolePermits } from '../../domain/staff/staff.ts';
import type { Inspector } from '../../db/operations/inspection.ts';
import { countStaffWithSecurityKey, type StaffOfRole } from '../../db/operations/staffSecurityKeys.ts';
import { fault, passed, warning, type Finding } from './finding.ts';

const NAME = 'staff-security-keys';
const HOW = 'docs/how-to/desk.md#security-keys-of-staff';

/** Two, because operators propose and approve each other. */
const NEEDED = 2;

export async function checkStaffSecurityKeys(inspector: Inspector, { staff }: Rules): Promise<Finding[]> {
  const counts = await countStaffWithSecurityKey(inspector);
  const operators = counts.filter(({ role }) => rolePermits(role, 'staff_approve'));
  const withKey = operators.reduce((sum, one) => sum + one.withKey, 0);
  const all = operators.reduce((sum, one) => sum + one.members, 0);
  const counted = `${withKey} of ${all} operators have a security key that counts`;
  const others = describeOthers(counts);
  const isRequired = staff.requires === 'security_key';
  if (isRequired && withKey < NEEDED) {
    return [fault(NAME, `staff.requires is security_key, and only ${counted}${others}`, HOW)];
  }
  if (!isRequired && withKey >= NEEDED) {
    const mend = `set { "staff": { "requires": "security_key" } } in NOEGLE_RULES_FILE: ${HOW}`;
    return [warning(NAME, `${counted}, and staff still sign in with a card${others}`, mend)];
  }
  return [passed(NAME, `${counted}; staff.requires is ${staff.requires}${others}`)];
}

/** The other roles, which sign in at the desk with the same requirement; empty without such staff. */
function describeOthers(counts: readonly StaffOfRole[]): string {
  const texts = counts
    .filter(({ role }) => !rolePermits(role, 'staff_approve'))
    .map(({ role, members, withKey }) => `${role} ${withKey} of ${members}`);
  return texts.length === 0 ? '' : `; ${texts.join(', ')}`;
}
