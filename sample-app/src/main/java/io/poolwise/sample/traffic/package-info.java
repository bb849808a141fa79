/**
 * Gentle traffic over real HTTP to the application itself.
 */
@NullMarked
package io.poolwise.sample.traffic;

import org.jspecify.annotations.NullMarked;
