package io.poolwise.faults;

import java.time.Duration;
import java.util.List;

/**
 * One running instance of the application.
 */
public sealed interface Instance extends AutoCloseable permits LocalInstance, ProcessInstance, FailedInstance {

	/**
	 * Adds callers that run an operation again and again until the trial ends.
	 * @param count how many
	 * @param pace from one operation's start to the next one's, at least; zero to run
	 * them one after the other
	 * @param work the operation
	 */
	void callers(int count, Duration pace, Work work);

	/**
	 * Runs operations, once and at the same time, that no fault may cut.
	 * @param count how many
	 * @param work the operation
	 */
	void carry(int count, Work work);

	/**
	 * Counts the operations of {@link #carry} that still run.
	 * @return how many
	 */
	int carried();

	/**
	 * Returns what callers have done so far.
	 * @return the operations, those that still run left out
	 */
	List<Operation> operations();

	/**
	 * Ends the callers; what doesn't end in time is added as hung.
	 */
	void stopCallers();

	/**
	 * Stops the application in order.
	 */
	@Override
	void close();

}
