package io.poolwise;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Holds the packages to their directions, and the rules to the fixtures that break them.
 */
class ArchitectureTests {

	private static final String FIXTURES = "io.poolwise.fixtures";

	private static final JavaClasses PRODUCT = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("io.poolwise");

	private static final JavaClasses BROKEN = new ClassFileImporter().importPackages(FIXTURES);

	/**
	 * The rules, each with the fixtures that break it; every other fixture keeps it.
	 */
	static Stream<Arguments> rules() {
		return rules("io.poolwise", FIXTURES);
	}

	private static Stream<Arguments> rules(String product, String fixtures) {
		ArchitectureRules ours = new ArchitectureRules(product);
		ArchitectureRules broken = new ArchitectureRules(fixtures);
		return Stream.of(
				arguments(ours.coreSeesOnlyJavaAndJSpecify("budget"), broken.coreSeesOnlyJavaAndJSpecify("budget"),
						Set.of("budget.UsesSpring")),
				arguments(ours.coreSeesOnlyJavaAndJSpecify("lease"), broken.coreSeesOnlyJavaAndJSpecify("lease"),
						Set.of("lease.UsesLogging", "lease.SeesItsSql")),
				arguments(ours.coreSeesOnlyJavaAndJSpecify("advice"), broken.coreSeesOnlyJavaAndJSpecify("advice"),
						Set.of("advice.SeesBudget")),
				arguments(ours.coreSeesOnlyJavaAndJSpecify("pool"), broken.coreSeesOnlyJavaAndJSpecify("pool"),
						Set.of("pool.UsesMeters")),
				arguments(ours.hikariAdapterSeesItsPortAndItsLibrary(), broken.hikariAdapterSeesItsPortAndItsLibrary(),
						Set.of("pool.hikari.SeesGovernor", "pool.hikari.SeesLettuceAdapter", "pool.hikari.UsesSpring")),
				arguments(ours.lettuceAdapterSeesItsPortAndItsLibrary(),
						broken.lettuceAdapterSeesItsPortAndItsLibrary(),
						Set.of("pool.lettuce.SeesAutoconfigure", "pool.lettuce.UsesSpringBoot")),
				arguments(ours.rabbitAdapterSeesItsPortAndItsLibrary(), broken.rabbitAdapterSeesItsPortAndItsLibrary(),
						Set.of("pool.rabbit.UsesHikari")),
				arguments(ours.postgresLedgerSeesItsPortAndItsDriver(), broken.postgresLedgerSeesItsPortAndItsDriver(),
						Set.of("lease.postgres.SeesHikariAdapter")),
				arguments(ours.mariadbLedgerSeesItsPortAndItsDriver(), broken.mariadbLedgerSeesItsPortAndItsDriver(),
						Set.of("lease.mariadb.SeesAdvice")),
				arguments(ours.leaseRuntimeSeesThePortOnly(), broken.leaseRuntimeSeesThePortOnly(),
						Set.of("lease.runtime.UsesADriver")),
				arguments(ours.governorSeesTheCores(), broken.governorSeesTheCores(),
						Set.of("governor.SeesActuate", "governor.SeesHikariAdapter")),
				arguments(ours.fleetSeesTheLeasesAndTheGovernor(), broken.fleetSeesTheLeasesAndTheGovernor(),
						Set.of("fleet.SeesHikariAdapter", "fleet.UsesSpring")),
				arguments(ours.actuateSeesTheCoresAndTheGovernor(), broken.actuateSeesTheCoresAndTheGovernor(),
						Set.of("actuate.SeesPostgresLedger")),
				arguments(ours.nothingSeesAutoconfigure(), broken.nothingSeesAutoconfigure(),
						Set.of("pool.lettuce.SeesAutoconfigure")),
				arguments(ours.onlyOnePackageSees("pool.hikari", "com.zaxxer.hikari.."),
						broken.onlyOnePackageSees("pool.hikari", "com.zaxxer.hikari.."),
						Set.of("pool.rabbit.UsesHikari")),
				arguments(ours.onlyOnePackageSees("pool.lettuce", "io.lettuce.."),
						broken.onlyOnePackageSees("pool.lettuce", "io.lettuce.."), Set.of("governor.UsesLettuce")),
				arguments(ours.onlyOnePackageSees("pool.rabbit", "com.rabbitmq..", "org.springframework.amqp.."),
						broken.onlyOnePackageSees("pool.rabbit", "com.rabbitmq..", "org.springframework.amqp.."),
						Set.of("actuate.UsesRabbit", "actuate.UsesSpringAmqp")),
				arguments(ours.nothingWritesToStandardStreams(), broken.nothingWritesToStandardStreams(),
						Set.of("habits.Prints", "habits.PrintsAnError")),
				arguments(ours.nothingSleeps(), broken.nothingSleeps(), Set.of("habits.Sleeps")),
				arguments(ours.nothingOpensPrivateMembers(), broken.nothingOpensPrivateMembers(),
						Set.of("habits.OpensPrivateFields")),
				arguments(ours.noStaticStateIsMutable(), broken.noStaticStateIsMutable(),
						Set.of("habits.KeepsStaticState")),
				arguments(ours.everyPackageIsNullMarked(), broken.everyPackageIsNullMarked(), Set
					.of("unmarked.InAPackageWithoutTheMark", "unmarked.package-info", "bare.InAPackageWithoutInfo")));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("rules")
	void productKeepsTheRule(ArchRule rule, ArchRule onFixtures, Set<String> breaking) {
		rule.check(PRODUCT);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("rules")
	void ruleReportsTheFixturesThatBreakItAndNoOther(ArchRule rule, ArchRule onFixtures, Set<String> breaking) {
		assertThat(breaking).isNotEmpty();
		assertThat(offenders(onFixtures)).isEqualTo(new TreeSet<>(breaking));
	}

	@Test
	void productHasNoAdapterThatSeesAnother() {
		new ArchitectureRules("io.poolwise").noAdapterSeesAnother().check(PRODUCT);
	}

	@Test
	void adapterThatSeesAnotherIsReported() {
		assertThat(details(new ArchitectureRules(FIXTURES).noAdapterSeesAnother()))
			.anySatisfy((detail) -> assertThat(detail).contains(FIXTURES + ".pool.hikari.SeesLettuceAdapter"))
			.anySatisfy((detail) -> assertThat(detail).contains(FIXTURES + ".lease.postgres.SeesHikariAdapter"))
			.hasSize(2);
	}

	@Test
	void productHasNoPackageCycles() {
		new ArchitectureRules("io.poolwise").noPackageCycles().check(PRODUCT);
	}

	@Test
	void packageCycleIsReported() {
		assertThat(details(new ArchitectureRules(FIXTURES).noPackageCycles()))
			.anySatisfy((detail) -> assertThat(detail).contains(FIXTURES + ".governor.SeesActuate")
				.contains(FIXTURES + ".actuate.SeesTheGovernor"));
	}

	@Test
	void productIsThere() {
		assertThat(PRODUCT).extracting(JavaClass::getPackageName).contains("io.poolwise.budget", "io.poolwise.pool");
		assertThat(PRODUCT).extracting(JavaClass::getPackageName).noneMatch((name) -> name.startsWith(FIXTURES));
	}

	private static List<String> details(ArchRule rule) {
		return rule.evaluate(BROKEN).getFailureReport().getDetails();
	}

	/**
	 * The fixtures that a rule reports, without the root: a detail names its origin
	 * first.
	 */
	private static Set<String> offenders(ArchRule rule) {
		Set<String> offenders = new TreeSet<>();
		for (String detail : details(rule)) {
			String origin = detail.substring(detail.indexOf('<') + 1);
			BROKEN.stream()
				.map(JavaClass::getName)
				.filter((name) -> origin.matches("\\Q" + name + "\\E[>.].*(?s:.*)"))
				.map((name) -> name.substring(FIXTURES.length() + 1))
				.forEach(offenders::add);
		}
		return offenders;
	}

}
