/**
 * Slots as advisory locks of PostgreSQL 15 and later.
 */
@NullMarked
package io.poolwise.lease.postgres;

import org.jspecify.annotations.NullMarked;
