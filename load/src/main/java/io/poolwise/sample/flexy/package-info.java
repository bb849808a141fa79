/**
 * FlexyPool around the data source: on the class path of the instances that compete with
 * it, nowhere else.
 */
@NullMarked
package io.poolwise.sample.flexy;

import org.jspecify.annotations.NullMarked;
