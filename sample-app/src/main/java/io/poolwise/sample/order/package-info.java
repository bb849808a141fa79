/**
 * Orders: placed in one transaction against real stock, listed and looked up.
 */
@NullMarked
package io.poolwise.sample.order;

import org.jspecify.annotations.NullMarked;
