/**
 * Poolwise: connection pools of Spring Boot applications, sized for the whole fleet.
 */
@NullMarked
package io.poolwise;

import org.jspecify.annotations.NullMarked;
