package dev.eventsourcing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.eventsourcing.domain.EventSourcingException;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The layers, what each may know, and which types users see. */
@AnalyzeClasses(packages = "dev.eventsourcing", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    /** Every public top-level type. A name is added on purpose only: it is then a promise. */
    private static final Map<String, String> PUBLIC_TYPES = Map.ofEntries(
            entry(
                    "domain",
                    "Aggregate, ConfigurationException, DomainEvent, EventSourcingException, NameBasedIds, NewEvents,"
                            + " OriginatorIdException, OriginatorVersionException, Projector, Recordable, Topic, Topics,"
                            + " UnusableAggregateException, Versioned"),
            entry("domain.errors", "Listeners, Thrown"),
            entry(
                    "persistence",
                    "AggregateRecorder, ApplicationName, ApplicationRecorder, Backlog, CannotConnectException, CipherKeys,"
                            + " Compressor, EventCodec, EventDecodingException, EventStore, FailureKind, FollowedLog, FollowerLease, LogEnd, LogMark, MigrationException,"
                            + " MigrationPlan, MigrationReport, Migrations, NotMigratedException, Notification, NotificationPage, NotificationSelection, OpenAppend,"
                            + " OutcomeUnknownException, ParkedEvent, ParkedEvents, PersistenceException, PolicyScope, Position,"
                            + " ProcessRecorder, RecordConflictException, RecorderFactory, RecorderProvider, Recording,"
                            + " Rehearsal, RehearsalLostException, RehearsedUnit, RolledBack, RowChanges, Setting, Settings, SharedStore, StateFormat, StoredEvent, TablesPlace, Tracking, TrackingConflictException,"
                            + " TransactionEndedException, TransactionLostException, Transactions, Upcaster, VersionRange"),
            entry("persistence.json", "DeepEquality, JsonTranscoder, TypeCheck"),
            entry("persistence.memory", "InMemoryRecorders"),
            entry("persistence.mybatis", "EventStoreSchema, MyBatisRecorders, OrderingStrategy"),
            entry(
                    "application",
                    "AggregateNotFoundException, AggregateRepository, Application, EventSourcedLog, NotificationLog,"
                            + " NotificationSections, Repository, Section, SectionId, SnapshotInterval, StateRepository,"
                            + " Subscription, WrongAggregateException"),
            entry(
                    "system",
                    "EventDrivenSystem, EventProcessingException, FailureAction, Follower, FollowerBehindException,"
                            + " FollowerHealth, FollowerMetrics, FollowerProgress, FollowerResult, FollowerSync,"
                            + " FollowerSyncListener, FollowerSyncReport, Instances, LeaderResult, LogMismatchException, MultiThreadedRunner, Parking, ParkingLimitException, Pipe, ProcessingEvent, Projection, RetryPolicy, RetryResult, Runner,"
                            + " RunnerFactory, RunnerSettings, SingleThreadedRunner, SyncEnd, SyncMode, SystemHealth"),
            entry(
                    "remote",
                    "NotificationLogEndpoint, NotificationLogHandler, RemoteLogException, RemoteNotificationLog"),
            entry("micrometer", "MicrometerFollowerMetrics"),
            entry("tool", "EventSourcingTool"),
            entry(
                    "testing",
                    "AggregateScenario, ContractCase, Outcome, PolicyEffects, PolicyScenario, RecorderContract, RoundTripCheck, StateScenario"));

    /**
     * Who may make exceptions that are not of the library's family, and why. Errors, for what cannot happen, may be made
     * everywhere; the compiler makes some in a switch.
     */
    private static final Map<String, String> EXCEPTIONS_OF_OTHERS = Map.ofEntries(
            entry("EventStore$Pages NoSuchElementException", "the contract of an iterator"),
            entry("Subscription$Events NoSuchElementException", "the contract of an iterator"),
            entry("ContainerUnits ContainerUnits$CheckedException", "passes a container, and is caught there"),
            entry("RolledBack RolledBack", "ends a rehearsal, and is caught there"),
            entry("JsonTranscoder IllegalArgumentException", "EventCodec makes it one of the family"),
            entry("ReadableValues IllegalArgumentException", "EventCodec makes it one of the family"),
            entry(
                    "RequiredUnlessOptional$RefusingNull IllegalArgumentException",
                    "EventCodec makes it one of the family"),
            entry("Envelope IllegalArgumentException", "EventCodec makes it one of the family"),
            entry("StateCipher IllegalArgumentException", "EventCodec makes it one of the family"),
            entry(
                    "DeflateCompressor IllegalArgumentException",
                    "the contract of a compressor; EventCodec makes it ours"),
            entry("ZstdCompressor IllegalArgumentException", "the contract of a compressor; EventCodec makes it ours"),
            entry("BoundedBody BoundedBody$TooLarge", "ends a response, and is caught by the client"),
            entry("LogOrder UsersException", "stands for an exception of the user's"),
            entry("PositionConflicts UsersException", "stands for an exception of the user's"),
            entry("SequenceWriting UsersException", "stands for an exception of the user's"));

    @ArchTest
    static final ArchRule exceptionsAreOfOneFamily = noClasses()
            .should()
            .callConstructorWhere(DescribedPredicate.describe(
                    "an exception of another family is made", ArchitectureTest::makesAnExceptionOfOthers));

    private static boolean makesAnExceptionOfOthers(JavaConstructorCall call) {
        JavaClass made = call.getTargetOwner();
        JavaClass maker = call.getOriginOwner();
        boolean superclass = maker.isAssignableTo(made.getName());
        return made.isAssignableTo(Throwable.class)
                && !made.isAssignableTo(EventSourcingException.class)
                && !made.isAssignableTo(Error.class)
                && !superclass
                && !EXCEPTIONS_OF_OTHERS.containsKey(nameInPackage(maker) + " " + nameInPackage(made));
    }

    /**
     * Who catches runtime exceptions or errors and lets checked ones pass, and why. Everywhere else Throwable or Exception is caught:
     * code of users throws checked exceptions that no signature declares.
     */
    private static final Map<String, String> CATCHES_WITHOUT_CHECKED_EXCEPTIONS = Map.of(
            "Appending", "only our own statements run in it",
            "EventRecorder", "only our own statements run in it",
            "ParkedEventRecorder", "only our own statements run in it",
            "SharedDatabase", "only our own statements run in it",
            "Unit", "catches the others beside",
            "Units", "what the user's work throws passes unchanged",
            "ConnectionSettings", "asks the pool whether a driver takes a URL");

    @ArchTest
    static void whatUserCodeThrowsIsCaughtWhateverItsType(JavaClasses imported) {
        assertThat(imported.stream()
                        .filter(type -> type.getCodeUnits().stream()
                                .flatMap(unit -> unit.getTryCatchBlocks().stream())
                                .flatMap(block -> block.getCaughtThrowables().stream())
                                .anyMatch(caught -> caught.isEquivalentTo(RuntimeException.class)
                                        || caught.isEquivalentTo(Error.class)))
                        .map(ArchitectureTest::nameInPackage))
                .containsExactlyInAnyOrderElementsOf(CATCHES_WITHOUT_CHECKED_EXCEPTIONS.keySet());
    }

    private static String nameInPackage(JavaClass type) {
        return type.getName().substring(type.getPackageName().length() + 1);
    }

    @ArchTest
    static void exceptionsHaveDistinctNames(JavaClasses imported) {
        assertThat(imported.stream()
                        .filter(type -> type.isAssignableTo(EventSourcingException.class))
                        .map(JavaClass::getSimpleName))
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(10);
    }

    @ArchTest
    static final ArchRule layersDependInwards = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("domain")
            .definedBy("dev.eventsourcing.domain", "dev.eventsourcing.domain.errors")
            .layer("persistence")
            .definedBy("dev.eventsourcing.persistence", "dev.eventsourcing.persistence.json")
            .layer("adapters")
            .definedBy("dev.eventsourcing.persistence.memory", "dev.eventsourcing.persistence.mybatis")
            .layer("application")
            .definedBy("dev.eventsourcing.application")
            .layer("system")
            .definedBy("dev.eventsourcing.system")
            .layer("remote")
            .definedBy("dev.eventsourcing.remote")
            .layer("micrometer")
            .definedBy("dev.eventsourcing.micrometer")
            .layer("tool")
            .definedBy("dev.eventsourcing.tool")
            .layer("testing")
            .definedBy("dev.eventsourcing.testing")
            .whereLayer("domain")
            .mayNotAccessAnyLayer()
            .whereLayer("persistence")
            .mayOnlyAccessLayers("domain")
            .whereLayer("adapters")
            .mayOnlyAccessLayers("domain", "persistence")
            .whereLayer("application")
            .mayOnlyAccessLayers("domain", "persistence")
            .whereLayer("system")
            .mayOnlyAccessLayers("domain", "persistence", "application")
            .whereLayer("remote")
            .mayOnlyAccessLayers("domain", "persistence", "application")
            .whereLayer("micrometer")
            .mayOnlyAccessLayers("system")
            .whereLayer("micrometer")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("tool")
            .mayOnlyAccessLayers("domain", "persistence", "application", "system")
            .whereLayer("testing")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule everyClassIsInALayer = classes()
            .should()
            .resideInAnyPackage(
                    "dev.eventsourcing",
                    "dev.eventsourcing.domain",
                    "dev.eventsourcing.domain.errors",
                    "dev.eventsourcing.persistence",
                    "dev.eventsourcing.persistence.json",
                    "dev.eventsourcing.persistence.memory",
                    "dev.eventsourcing.persistence.mybatis",
                    "dev.eventsourcing.application",
                    "dev.eventsourcing.remote",
                    "dev.eventsourcing.micrometer",
                    "dev.eventsourcing.system",
                    "dev.eventsourcing.tool",
                    "dev.eventsourcing.testing");

    @ArchTest
    static final ArchRule adaptersAreImportedByNobodyAndDoNotKnowEachOther =
            slices().matching("dev.eventsourcing.persistence.(*)").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.eventsourcing.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theTestingKitKnowsNoDatabaseAndNoTestFramework = noClasses()
            .that()
            .resideInAPackage("dev.eventsourcing.testing")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.eventsourcing.persistence.mybatis..", "org.junit..", "org.opentest4j..", "org.assertj..");

    @ArchTest
    static final ArchRule onlyTheMyBatisPackageKnowsSql = noClasses()
            .that()
            .resideOutsideOfPackage("dev.eventsourcing.persistence.mybatis")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.ibatis..", "org.flywaydb..", "com.zaxxer.hikari..", "java.sql..", "javax.sql..");

    @ArchTest
    static final ArchRule onlyTheTranscoderAndWhoAnswersInJsonKnowJackson = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.eventsourcing.persistence", "dev.eventsourcing.persistence.json", "dev.eventsourcing.remote")
            .and()
            .doNotHaveFullyQualifiedName("dev.eventsourcing.tool.SyncJson")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("tools.jackson..", "com.fasterxml.jackson..");

    /** As the library behind it may be missing. */
    @ArchTest
    static final ArchRule onlyTheCompressorKnowsZstd = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.eventsourcing.persistence.ZstdCompressor")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.github.luben..");

    /** As it may be missing too. */
    @ArchTest
    static final ArchRule onlyItsAdapterKnowsMicrometer = noClasses()
            .that()
            .resideOutsideOfPackage("dev.eventsourcing.micrometer")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..");

    @ArchTest
    static final ArchRule theLibraryKnowsNoDriverAndNoContainer = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.h2..",
                    "org.postgresql..",
                    "org.springframework..",
                    "com.google.inject..",
                    "org.apache.maven..");

    @ArchTest
    static final ArchRule whatIsNotMadeToBeExtendedIsFinal = classes()
            .that()
            .areNotInterfaces()
            .and()
            .areNotAnonymousClasses()
            .and()
            .areNotAssignableTo(Throwable.class)
            .should(beFinalOrAbstract());

    @ArchTest
    static void publicTypesAreThoseThatAreListed(JavaClasses imported) {
        Map<String, String> found = imported.stream()
                .filter(type -> type.isTopLevelClass()
                        && type.getModifiers().contains(JavaModifier.PUBLIC)
                        && !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(
                        type -> type.getPackageName().substring("dev.eventsourcing.".length()),
                        TreeMap::new,
                        Collectors.collectingAndThen(
                                Collectors.mapping(JavaClass::getSimpleName, Collectors.toCollection(TreeSet::new)),
                                names -> String.join(", ", names))));

        assertThat(found).isEqualTo(PUBLIC_TYPES);
    }

    private static ArchCondition<JavaClass> beFinalOrAbstract() {
        return new ArchCondition<>("be final or abstract") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean fine = type.getModifiers().contains(JavaModifier.FINAL)
                        || type.getModifiers().contains(JavaModifier.ABSTRACT)
                        || type.isEnum();
                events.add(new SimpleConditionEvent(type, fine, type.getName() + " is neither final nor abstract"));
            }
        };
    }
}
