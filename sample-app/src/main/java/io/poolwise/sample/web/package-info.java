/**
 * What all HTTP interfaces share: errors as problem details, and who this instance is.
 */
@NullMarked
package io.poolwise.sample.web;

import org.jspecify.annotations.NullMarked;
