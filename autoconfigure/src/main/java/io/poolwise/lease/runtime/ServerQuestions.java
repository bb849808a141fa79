package io.poolwise.lease.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Those who want to know whether the server answers, until somebody knows. Safe for any
 * thread.
 */
final class ServerQuestions {

	private final LinkedBlockingQueue<CompletableFuture<Boolean>> questions = new LinkedBlockingQueue<>();

	/**
	 * Asks, and waits for the answer.
	 * @param timeout how long to wait at most
	 * @return whether the server answered; {@code false} if there is no session to ask it
	 * over
	 */
	boolean ask(Duration timeout) throws TimeoutException, InterruptedException {
		CompletableFuture<Boolean> answer = new CompletableFuture<>();
		this.questions.add(answer);
		try {
			return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			return false;
		}
	}

	boolean isEmpty() {
		return this.questions.isEmpty();
	}

	/** Answers all that were asked so far. */
	void answer(boolean answered) {
		List<CompletableFuture<Boolean>> asked = new ArrayList<>();
		this.questions.drainTo(asked);
		asked.forEach((question) -> question.complete(answered));
	}

}
