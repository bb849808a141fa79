/**
 * The HikariCP adapter: a {@code HikariDataSource} whose every physical connection goes
 * through one gate.
 */
@NullMarked
package io.poolwise.pool.hikari;

import org.jspecify.annotations.NullMarked;
