/**
 * Faults of PostgreSQL and of the way to it.
 */
@NullMarked
package io.poolwise.faults.postgres;

import org.jspecify.annotations.NullMarked;
