package io.poolwise.lease;

/**
 * The rules of the lease protocol, each of which a test can remove to see what breaks.
 */
enum Rule {

	ONE_LOCK("1", "every connection takes use(s)"),

	IDENTITY("1", "a session is more than its pid"),

	COOLING("2", "a closed session's slot is not free yet"),

	PAYING("2", "the slot that pays for the coordinator takes no connection"),

	USE_BEFORE_OWN("3", "the fence reads own(s) after use(s) was taken"),

	FENCE("3", "own(s) must be held by the coordinator of the grant"),

	EPOCH_UNCHANGED("3", "a connect of an earlier epoch is not handed out"),

	PAID_FIRST("3", "no connect before the coordinator is paid"),

	CONNECT_LIMIT("3", "at most C connects are under way"),

	ACROSS_EPOCHS("3, 8", "connects that outlive their coordinator are counted, and few"),

	QUARANTINE("4", "a connect of unknown outcome keeps its slot"),

	QUARANTINE_KEPT("4", "a quarantined slot is not released"),

	QUERY_AFTER_CLOSE("5", "only a query that began after the close frees a slot"),

	USE_CHECK("6", "own(s) is kept only if use(s) is free"),

	NO_SEAT_ABOVE("6", "own(s) is kept only if no seat takes the slot from the budget"),

	NOT_HELD("6", "held slots are no candidates"),

	SEAT("7", "who finds no seat leaves"),

	NO_SLOT_ABOVE("7", "a seat is kept only if no slot takes it from the budget"),

	REMNANTS("7, 8", "coordinators closed or given up are counted until gone, and few"),

	PAY("7", "a joiner with two slots pays and frees its seat"),

	PAY_BEFORE_SEAT("7", "the seat is freed after paying"),

	TWO_SLOTS("7", "nobody pays with its only slot"),

	DROP_ALL("7", "a joiner that gets nowhere drops everything"),

	FORGET("8", "FREE and PAYING are forgotten with the coordinator"),

	RUNNING_WORK("8", "running work goes on without a coordinator"),

	READOPT("8", "a lost slot is ours again only by taking own(s)"),

	READOPT_IDENTITY("8", "a lost slot is adopted only if our session holds use(s)"),

	NEVER_CUT("8", "a lost slot that can't be adopted keeps running"),

	SERVER_CHANGED("9", "sessions of another server are retired, not adopted"),

	RETIRE("10", "a session without its use(s) is retired"),

	ABORT("10", "one in use that the server has dropped is closed"),

	ABORT_GONE("10", "and only if the server has dropped it"),

	HUNGRY("11", "nobody shrinks unless a visible member is hungry"),

	AT_LEAST_TWO("11", "nobody gets less than two slots");

	private final String section;

	private final String text;

	Rule(String section, String text) {
		this.section = section;
		this.text = text;
	}

	String section() {
		return this.section;
	}

	String text() {
		return this.text;
	}

}
