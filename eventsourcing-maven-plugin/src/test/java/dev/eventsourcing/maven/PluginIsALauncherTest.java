package dev.eventsourcing.maven;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The versions of the user's project are those that run; so the plugin must not bring, or need, its own. */
@AnalyzeClasses(packages = "dev.eventsourcing.maven", importOptions = DoNotIncludeTests.class)
class PluginIsALauncherTest {
    @ArchTest
    static final ArchRule DEPENDS_ON_NOTHING_THAT_DOES_THE_WORK = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.eventsourcing.application..",
                    "dev.eventsourcing.domain..",
                    "dev.eventsourcing.persistence..",
                    "dev.eventsourcing.system..",
                    "dev.eventsourcing.tool..",
                    "java.sql..",
                    "javax.sql..",
                    "org.apache.ibatis..",
                    "org.flywaydb..",
                    "com.zaxxer..",
                    "tools.jackson..",
                    "org.slf4j..");
}
