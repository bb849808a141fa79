/**
 * The port to a pool: its name and kind, its size as it is, the size it was told to have,
 * and whom it asks for leave to connect.
 */
@NullMarked
package io.poolwise.pool;

import org.jspecify.annotations.NullMarked;
