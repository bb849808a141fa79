package io.poolwise.fleet;

import io.poolwise.lease.JdbcSlotLedger;
import io.poolwise.lease.LedgerFitness;

/**
 * What one session found out about a server's locks.
 *
 * @param ledger the locks, of the server's product
 * @param fitness whether they will do
 */
record Examined(JdbcSlotLedger ledger, LedgerFitness fitness) {
}
