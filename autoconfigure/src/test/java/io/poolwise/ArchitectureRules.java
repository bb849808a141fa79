package io.poolwise;

import java.lang.reflect.AccessibleObject;
import java.util.ArrayList;
import java.util.List;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * The rules of the packages below one root: the product's own, or the fixtures' that
 * break them. A package that doesn't exist breaks no rule.
 */
final class ArchitectureRules {

	private static final String JSPECIFY = "org.jspecify..";

	// Spring's own classes log through the second, and hand it to those who extend them.
	private static final List<String> LOGGING = List.of("org.slf4j..", "org.apache.commons.logging..");

	// reads a broker's answers with whatever parser the application has
	private static final String SPRING_BOOT_JSON = "org.springframework.boot.json";

	private static final String SPRING_BOOT = "org.springframework.boot..";

	private final String root;

	ArchitectureRules(String root) {
		this.root = root;
	}

	ArchRule coreSeesOnlyJavaAndJSpecify(String core) {
		return classes().that()
			.resideInAPackage(in(core))
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", JSPECIFY, in(core))
			.as(core + " sees java.. and JSpecify only")
			.allowEmptyShould(true);
	}

	ArchRule hikariAdapterSeesItsPortAndItsLibrary() {
		// What a server grants is asked through a port of the budget.
		return adapterSeesOnly("pool.hikari", in("pool"), in("budget"), "com.zaxxer.hikari..", "javax.sql..",
				"javax.naming..", "org.postgresql..", "com.mysql..", "org.mariadb..");
	}

	ArchRule lettuceAdapterSeesItsPortAndItsLibrary() {
		return adapterSeesOnly("pool.lettuce", in("pool"), in("budget"), "io.lettuce..", "org.apache.commons.pool2..",
				"reactor..", "org.reactivestreams..", "io.netty..", "org.springframework..");
	}

	ArchRule rabbitAdapterSeesItsPortAndItsLibrary() {
		return adapterSeesOnly("pool.rabbit", in("pool"), in("budget"), "com.rabbitmq..", "org.springframework..");
	}

	ArchRule postgresLedgerSeesItsPortAndItsDriver() {
		return adapterSeesOnly("lease.postgres", in("lease"), "javax.sql..", "org.postgresql..");
	}

	ArchRule mariadbLedgerSeesItsPortAndItsDriver() {
		return adapterSeesOnly("lease.mariadb", in("lease"), "javax.sql..", "org.mariadb..", "com.mysql..");
	}

	ArchRule leaseRuntimeSeesThePortOnly() {
		return adapterSeesOnly("lease.runtime", in("lease"));
	}

	private ArchRule adapterSeesOnly(String adapter, String... allowed) {
		return seesOnly(adapter,
				adapter + " sees its port and its library only, and of Spring Boot at most the JSON parser", allowed);
	}

	private ArchRule seesOnly(String name, String description, String... allowed) {
		List<String> packages = new ArrayList<>(List.of(allowed));
		packages.addAll(List.of(below(name), "java..", JSPECIFY));
		packages.addAll(LOGGING);
		return classes().that()
			.resideInAPackage(below(name))
			.should()
			.onlyDependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(packages.toArray(String[]::new))
				.and(JavaClass.Predicates.resideOutsideOfPackage(SPRING_BOOT)
					.or(JavaClass.Predicates.resideInAPackage(SPRING_BOOT_JSON))))
			.as(description)
			.allowEmptyShould(true);
	}

	ArchRule noAdapterSeesAnother() {
		return slices().matching(this.root + ".[pool|lease].(*)..")
			.should()
			.notDependOnEachOther()
			.as("no adapter sees another")
			.allowEmptyShould(true);
	}

	ArchRule governorSeesTheCores() {
		return seesOfOurs("governor", in("budget"), in("lease"), in("advice"), in("pool"));
	}

	ArchRule fleetSeesTheLeasesAndTheGovernor() {
		return seesOnly("fleet", "fleet sees the leases, their pools and the governor only, and no library",
				in("budget"), in("pool"), below("lease"), below("governor"));
	}

	ArchRule actuateSeesTheCoresAndTheGovernor() {
		return seesOfOurs("actuate", in("budget"), in("lease"), in("advice"), in("pool"), below("governor"));
	}

	private ArchRule seesOfOurs(String name, String... allowed) {
		List<String> packages = new ArrayList<>(List.of(allowed));
		packages.add(below(name));
		DescribedPredicate<JavaClass> theirs = JavaClass.Predicates.resideOutsideOfPackage(this.root + "..");
		return classes().that()
			.resideInAPackage(below(name))
			.should()
			.onlyDependOnClassesThat(
					theirs.or(JavaClass.Predicates.resideInAnyPackage(packages.toArray(String[]::new))))
			.as(name + " sees, of our packages, " + String.join(", ", packages))
			.allowEmptyShould(true);
	}

	ArchRule nothingSeesAutoconfigure() {
		return noClasses().that()
			.resideOutsideOfPackage(below("autoconfigure"))
			.should()
			.dependOnClassesThat()
			.resideInAPackage(below("autoconfigure"))
			.as("nothing sees autoconfigure")
			.allowEmptyShould(true);
	}

	ArchRule onlyOnePackageSees(String name, String... library) {
		return noClasses().that()
			.resideOutsideOfPackages(below(name), below("autoconfigure"))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(library)
			.as("only " + name + " and autoconfigure see " + String.join(", ", library))
			.allowEmptyShould(true);
	}

	ArchRule noPackageCycles() {
		return slices().matching(this.root + ".(**)")
			.should()
			.beFreeOfCycles()
			.as("no package cycles")
			.allowEmptyShould(true);
	}

	ArchRule nothingWritesToStandardStreams() {
		return GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.allowEmptyShould(true);
	}

	ArchRule nothingSleeps() {
		return noClasses().should()
			.callMethod(Thread.class, "sleep", long.class)
			.orShould()
			.callMethod(Thread.class, "sleep", long.class, int.class)
			.as("nothing sleeps: a condition is awaited")
			.allowEmptyShould(true);
	}

	ArchRule nothingOpensPrivateMembers() {
		return noClasses().should()
			.callMethodWhere(DescribedPredicate.describe("opens a private member",
					(call) -> call.getTargetOwner().isAssignableTo(AccessibleObject.class)
							&& List.of("setAccessible", "trySetAccessible").contains(call.getName())))
			.as("nothing opens private members by reflection")
			.allowEmptyShould(true);
	}

	ArchRule noStaticStateIsMutable() {
		return fields().that()
			.areStatic()
			.should()
			.haveModifier(JavaModifier.FINAL)
			.as("no static field can be reassigned")
			.allowEmptyShould(true);
	}

	ArchRule everyPackageIsNullMarked() {
		return classes().should(resideInANullMarkedPackage())
			.as("every package has a package-info with @NullMarked")
			.allowEmptyShould(true);
	}

	private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
		return new ArchCondition<>("reside in a package with @NullMarked") {

			@Override
			public void check(JavaClass item, ConditionEvents events) {
				boolean marked = item.getPackage().isAnnotatedWith(NullMarked.class);
				events.add(new SimpleConditionEvent(item, marked, "Class <" + item.getName() + "> is in "
						+ item.getPackageName() + (marked ? ", which is" : ", which isn't") + " @NullMarked"));
			}

		};
	}

	private String in(String name) {
		return this.root + "." + name;
	}

	private String below(String name) {
		return in(name) + "..";
	}

}
