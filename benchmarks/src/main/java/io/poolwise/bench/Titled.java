package io.poolwise.bench;

/**
 * What a row of a table is about.
 */
interface Titled {

	/**
	 * The words at the head of the row.
	 */
	String title();

}
