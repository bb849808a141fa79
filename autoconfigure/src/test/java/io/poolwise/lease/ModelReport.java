package io.poolwise.lease;

import java.util.Map;

import io.poolwise.lease.ModelChecker.Result;

/**
 * Writes what became of the rules as a page for people.
 */
final class ModelReport {

	private ModelReport() {
	}

	static String of(Map<Rule, ModelBounds> bounds, Map<Rule, Result> results) {
		StringBuilder page = new StringBuilder("""
				# Why each lease rule is there

				`LeaseModelTests` explores every interleaving of the real `LeaseMember` with a server whose steps are
				asynchronous, and wrote this page. With all rules the properties hold in every reachable state; below,
				one rule at a time is left out, and the shortest way to the first broken property is shown. Bounds
				differ because the search is breadth first: the smallest that show the break.

				M instances live, J seats, C connects may be under way an instance, E coordinators lost or instances
				killed whose sessions the server still has, Q sessions that their instance gave up and the server
				still has (connects that outlived their coordinator, attempts at a coordinator that the next one
				followed), at most K of each an instance, U sessions whose application gave their locks back.

				| property | what holds in every state |
				|---|---|
				""");
		for (ModelProperty property : ModelProperty.values()) {
			page.append("| ").append(property).append(" | ").append(property.text()).append(" |\n");
		}
		page.append("""

				| rule | left out | breaks | steps | bounds |
				|---|---|---|---|---|
				""");
		results.forEach((rule, result) -> page.append("| ")
			.append(rule.section())
			.append(" | ")
			.append(rule.text())
			.append(" | ")
			.append(result.broken())
			.append(" | ")
			.append(result.trace().size())
			.append(" | ")
			.append(bounds.get(rule))
			.append(" |\n"));
		page.append("\n## Shortest traces\n");
		results.forEach((rule, result) -> {
			page.append("\n### Without \"").append(rule.text()).append("\": ").append(result.broken()).append("\n\n");
			if (bounds.get(rule).warm()) {
				page.append("A works alone in the beginning, with all slots.\n\n");
			}
			int number = 1;
			for (String step : result.trace()) {
				page.append(number++).append(". ").append(step).append('\n');
			}
			if (result.broken() == ModelProperty.GOAL) {
				page.append(number).append(". from here no fair state can be reached\n");
			}
		});
		return page.toString();
	}

}
