/**
 * Faults of MariaDB and of the way to it.
 */
@NullMarked
package io.poolwise.faults.mariadb;

import org.jspecify.annotations.NullMarked;
