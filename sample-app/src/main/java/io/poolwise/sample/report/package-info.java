/**
 * A sales report whose query is slow on purpose: it holds its connection for long.
 */
@NullMarked
package io.poolwise.sample.report;

import org.jspecify.annotations.NullMarked;
