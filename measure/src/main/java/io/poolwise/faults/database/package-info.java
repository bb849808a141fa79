/**
 * Faults of PostgreSQL and MariaDB, and of the way to them.
 */
@NullMarked
package io.poolwise.faults.database;

import org.jspecify.annotations.NullMarked;
