/**
 * Conditions, beans, keys and profile defaults: everything that Spring Boot sees.
 */
@NullMarked
package io.poolwise.autoconfigure;

import org.jspecify.annotations.NullMarked;
