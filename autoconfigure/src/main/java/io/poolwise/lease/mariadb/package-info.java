/**
 * Slots as named user locks of MariaDB.
 */
@NullMarked
package io.poolwise.lease.mariadb;

import org.jspecify.annotations.NullMarked;
