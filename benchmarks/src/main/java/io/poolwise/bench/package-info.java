/**
 * What the hot path costs.
 */
@NullMarked
package io.poolwise.bench;

import org.jspecify.annotations.NullMarked;
