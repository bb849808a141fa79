/**
 * The loop: reads what servers grant, allots it, tells each pool its size, and keeps the
 * record of what was decided and why.
 */
@NullMarked
package io.poolwise.governor;

import org.jspecify.annotations.NullMarked;
