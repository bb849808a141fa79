/**
 * What Poolwise costs: a borrow, a large fleet, an answer, a pool on the heap.
 */
@NullMarked
package io.poolwise.bench;

import org.jspecify.annotations.NullMarked;
