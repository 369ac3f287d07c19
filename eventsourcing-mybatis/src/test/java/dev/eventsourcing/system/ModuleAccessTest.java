package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Set;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program that is a named module, compiled and loaded as one. */
class ModuleAccessTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"public, exports acme.school;", "'', opens acme.school;"})
    void namesTheDirectiveThatTheProgramsModuleMisses(String modifier, String directive) throws Exception {
        Class<? extends Application> school = school("", modifier);

        assertThatThrownBy(() ->
                        new SingleThreadedRunner(EventDrivenSystem.of(Pipe.pipe(school)), new InMemoryRecorders()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("The constructor of acme.school.School cannot be called: ")
                .hasMessageEndingWith(". Its package is closed to this library: add to the module-info of acme: "
                        + directive + ", or give the runner the instance: Instances.of(..).");
    }

    @ParameterizedTest
    @CsvSource({"public, exports acme.school;", "'', opens acme.school;"})
    void theDirectiveIsEnough(String modifier, String directive) throws Exception {
        Class<? extends Application> school = school(directive, modifier);

        try (Runner runner =
                new SingleThreadedRunner(EventDrivenSystem.of(Pipe.pipe(school)), new InMemoryRecorders())) {
            assertThat(runner.get(school).name()).isEqualTo("School");
        }
    }

    @Test
    void namesThisLibrarysModuleWhereItIsOne() {
        Module program = getClass().getModule();
        Module library = String.class.getModule();

        assertThat(ModuleAccess.cure(program, "acme.school", false, library)).isEqualTo("Make it public");
        assertThat(ModuleAccess.cure(library, "jdk.internal.misc", false, Module.class.getModule()))
                .isEqualTo("Make it public");
        assertThat(ModuleAccess.cure(library, "jdk.internal.misc", false, Connection.class.getModule()))
                .isEqualTo(
                        "Its package is closed to this library: add to the module-info of java.base: opens jdk.internal.misc"
                                + " to java.sql;");
    }

    private Class<? extends Application> school(String directives, String modifier) throws Exception {
        Path module = write("module-info.java", "module acme { " + directives + " }");
        Path school = write("acme/school/School.java", """
                package acme.school;
                public class School extends dev.eventsourcing.application.Application {
                    %s School(dev.eventsourcing.persistence.RecorderFactory recorders) {
                        super("School", recorders);
                    }
                }
                """.formatted(modifier));
        Path classes = folder.resolve("classes");
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "--add-reads",
                        "acme=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        module.toString(),
                        school.toString());
        assertThat(result).isZero();
        ModuleLayer boot = ModuleLayer.boot();
        Configuration configuration =
                boot.configuration().resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("acme"));
        ModuleLayer.Controller layer = ModuleLayer.defineModulesWithOneLoader(
                configuration, List.of(boot), getClass().getClassLoader());
        layer.addReads(
                layer.layer().findModule("acme").orElseThrow(), getClass().getModule());
        return layer.layer().findLoader("acme").loadClass("acme.school.School").asSubclass(Application.class);
    }

    private Path write(String name, String source) throws IOException {
        Path file = folder.resolve("sources").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, source);
    }
}
