package io.poolwise.faults;

import java.io.Serializable;

/**
 * One operation of the application. Serializable, so that an instance in a process of its
 * own can run it: whatever the lambda captures has to be, too.
 */
@FunctionalInterface
public interface Work extends Serializable {

	/**
	 * Runs the operation once.
	 * @param beans the application's beans
	 * @throws Exception if it fails, which is counted
	 */
	void run(Beans beans) throws Exception;

}
