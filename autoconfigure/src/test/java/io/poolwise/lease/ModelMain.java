package io.poolwise.lease;

public class ModelMain {

	public static void main(String[] args) {
		if (args[0].equals("table")) {
			ModelTable.bounds().forEach((rule, bounds) -> {
				if (args.length > 2 && !java.util.List.of(args).contains(rule.name()) && !args[2].equals("base")) {
					return;
				}
				if (args.length > 2 && args[2].equals("base")) {
					ModelChecker.Result b = new ModelChecker(bounds, Integer.parseInt(args[1])).run();
					System.out.printf("%-18s base %s complete %s %d%n", rule, b.broken(), b.complete(), b.states());
					return;
				}
				long t = System.nanoTime();
				ModelChecker.Result r = new ModelChecker(bounds.without(rule), Integer.parseInt(args[1])).run();
				System.out.printf("%-18s %-40s %-9s %3d steps %8d states %s %.1f s%n", rule, bounds, r.broken(),
						r.trace().size(), r.states(), (r.broken() == null && !r.complete()) ? "INCOMPLETE" : "",
						(System.nanoTime() - t) / 1e9);
			});
			return;
		}
		int members = Integer.parseInt(args[0]), slots = Integer.parseInt(args[1]), faults = Integer.parseInt(args[2]);
		ModelBounds b = ModelBounds.of(members, slots, faults);
		int most = 3_000_000;
		for (int i = 3; i < args.length; i++) {
			String[] kv = args[i].split("=");
			switch (kv[0]) {
				case "rule" -> b = b.without(Rule.valueOf(kv[1]));
				case "seats" -> b = b.seats(Integer.parseInt(kv[1]));
				case "warm" -> b = b.startingWarm();
				case "slow" -> b = b.slowly();
				case "recycles" -> b = b.recycles(Integer.parseInt(kv[1]));
				case "most" -> most = Integer.parseInt(kv[1]);
				case "only" -> b = b.only(java.util.Arrays.stream(kv[1].split(","))
					.map(ModelBounds.Fault::valueOf)
					.toArray(ModelBounds.Fault[]::new));
				case "demand" -> b = b
					.demand(java.util.Arrays.stream(kv[1].split(",")).map(Integer::valueOf).toArray(Integer[]::new));
			}
		}
		long t = System.nanoTime();
		ModelChecker c = new ModelChecker(b, most);
		ModelChecker.Result r = c.run();
		System.out.printf("%s %s: %d states, complete %s, goals %d, broken %s (%d steps), %.1f s%n", b, b.removed(),
				r.states(), r.complete(), r.goals(), r.broken(), r.trace().size(), (System.nanoTime() - t) / 1e9);
		r.trace().forEach((l) -> System.out.println("   " + l));
		if (r.broken() != null) {
			ModelWorld w = c.replayed();
			for (int m = 0; m < members; m++) {
				LeaseState s = w.states[m];
				System.out.println((char) ('A' + m) + " " + s.phase + " e" + s.epoch + " c" + s.coordinator + " pend "
						+ s.pending + " allowed " + s.allowed + " " + s.share + " " + s.timers + " asked " + w.asked[m]
						+ " ans " + w.answers[m]);
				System.out.println("     " + s.slots + " " + s.connects);
			}
			for (ModelSession s : w.sessions) {
				System.out.println("  " + s.member + (s.coordinator ? " coord" : " pool" + s.grant.slot()) + " age"
						+ s.age + " e" + s.epoch + " " + s.id + " " + s.stage + " att " + s.attached + " gone " + s.gone
						+ " settled " + s.settled + " own " + Integer.toBinaryString(s.own) + " use "
						+ Integer.toBinaryString(s.use) + " seat " + s.seat);
			}
		}
	}

}
