package io.poolwise.lease.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Those who ask which server the coordinator session is on, and whether it answers at
 * all, until somebody knows. Safe for any thread.
 */
final class ServerQuestions {

	private final LinkedBlockingQueue<CompletableFuture<OptionalLong>> questions = new LinkedBlockingQueue<>();

	/**
	 * Asks, and waits for the answer.
	 * @param timeout how long to wait at most
	 * @return the answer; empty if there is no session to ask over
	 */
	OptionalLong ask(Duration timeout) throws TimeoutException, InterruptedException {
		CompletableFuture<OptionalLong> answer = new CompletableFuture<>();
		this.questions.add(answer);
		try {
			return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			return OptionalLong.empty();
		}
	}

	boolean isEmpty() {
		return this.questions.isEmpty();
	}

	/** Answers all that were asked so far. */
	void answer(OptionalLong answer) {
		List<CompletableFuture<OptionalLong>> asked = new ArrayList<>();
		this.questions.drainTo(asked);
		asked.forEach((question) -> question.complete(answer));
	}

}
