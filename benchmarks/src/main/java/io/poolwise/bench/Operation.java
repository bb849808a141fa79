package io.poolwise.bench;

/**
 * Something that is done again and again, and measured.
 */
interface Operation {

	/**
	 * Does it once.
	 * @return what came of it, so that nothing is optimized away
	 */
	Object run();

}
