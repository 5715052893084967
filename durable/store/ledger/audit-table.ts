import type { AuditCommands } from '../../../contracts/rpc/store-audit.ts';
import { liftQuarantine } from './lift-quarantine.ts';
import type { Handler } from '../command-table.ts';
import { denyOperation } from '../store-access.ts';

export const AUDIT_HANDLERS: { readonly [N in keyof AuditCommands]: Handler<N> } = {
  LiftQuarantine: { denies: denyOperation, refuses: () => undefined, decide: liftQuarantine },
};
