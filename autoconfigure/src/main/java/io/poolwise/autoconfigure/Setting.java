package io.poolwise.autoconfigure;

/**
 * A value with the key that it came from.
 *
 * @param value the value
 * @param key the full key
 * @param explicit whether somebody set it, rather than a profile
 * @param <T> the value's type
 */
record Setting<T>(T value, String key, boolean explicit) {
}
