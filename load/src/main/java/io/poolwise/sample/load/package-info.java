/**
 * The incidents, replayed with real processes on real servers, side by side with what one
 * would otherwise use.
 */
@NullMarked
package io.poolwise.sample.load;

import org.jspecify.annotations.NullMarked;
