package io.poolwise.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ExhaustionReport}.
 */
class ExhaustionReportTests {

	private static final List<StackTraceElement> STACK = List.of(
			new StackTraceElement("java.net.SocketInputStream", "read", "SocketInputStream.java", 7),
			new StackTraceElement("com.acme.Orders", "load", "Orders.java", 42),
			new StackTraceElement("org.springframework.aop.Proxy", "invoke", "Proxy.java", 3),
			new StackTraceElement("com.acme.Web", "get", "Web.java", 17));

	@Test
	void reportTellsVerdictNumbersAndHolders() {
		List<ConnectionHolder> holders = List.of(
				new ConnectionHolder("worker-1", HolderActivity.IDLE, Duration.ofSeconds(34), true, STACK, STACK),
				new ConnectionHolder("worker-2", HolderActivity.ELSEWHERE, Duration.ofMillis(2500), true, STACK,
						List.of()));
		String report = report(holders);
		assertThat(report.lines()).containsExactly("primary: callers got no connection, verdict: leak",
				"  1 of 2 connections have been held for 1000 ms or more by threads that have ended or gone on to other work",
				"  1 of 2 connections have been held for 1000 ms or more by threads that are in other code",
				"  " + Verdict.LEAK.nextStep(), "  At that moment: 2 of at most 2 open, 2 in use, 0 free, 3 waiting",
				"  Since the last report: 4 waited in vain, 12 were refused at once",
				"  held for 34 s or more by worker-1, which is idle", "    borrowed at",
				"      com.acme.Orders.load(Orders.java:42)", "      com.acme.Web.get(Web.java:17)",
				"  held for 2500 ms or more by worker-2, which is in other code", "    now at",
				"      com.acme.Orders.load(Orders.java:42)", "      com.acme.Web.get(Web.java:17)");
	}

	@Test
	void thoseThatHeldLongestAreNamed() {
		List<ConnectionHolder> holders = new ArrayList<>();
		for (int i = 1; i <= 50; i++) {
			holders.add(new ConnectionHolder("worker-" + i, HolderActivity.GONE, Duration.ofSeconds(10 + i), true,
					List.of(), List.of()));
		}
		assertThat(report(holders)).contains("by worker-50,", "by worker-41,", "  and 40 more")
			.doesNotContain("worker-40");
	}

	@Test
	void stackOfNothingButPlumbingIsShownAsItIs() {
		List<StackTraceElement> plumbing = List.of(STACK.get(0));
		assertThat(report(List.of(new ConnectionHolder("worker", HolderActivity.ELSEWHERE, Duration.ofSeconds(9), true,
				plumbing, List.of()))))
			.contains("      java.net.SocketInputStream.read(SocketInputStream.java:7)");
	}

	private static String report(List<ConnectionHolder> holders) {
		Exhaustion facts = new Exhaustion(
				new PoolShortage("primary", new PoolCounts(2, 0, 2, 3), 2, Duration.ofSeconds(1)),
				Duration.ofSeconds(5), holders, ConnectTrouble.NONE, null);
		return ExhaustionReport.of(facts, PostMortem.of(facts), 4, 12);
	}

}
