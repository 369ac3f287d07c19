package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.RunnerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunnerSourceTest {
    private static final String OFFERS = Offers.class.getName();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"::FIELD", ".FIELD"})
    void takesTheFieldThatIsNamed(String member) {
        assertThat(named(OFFERS + member)).containsSame(Offers.FIELD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"::method", ".method"})
    void callsTheMethodThatIsNamed(String member) {
        assertThat(named(OFFERS + member)).isPresent().get().isNotSameAs(Offers.FIELD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"runner", "School::", "::runner", ".runner", "com.acme."})
    void refusesANameThatNamesNoMember(String name) {
        assertThatThrownBy(() -> named(name))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("-Drunner=" + name + " does not name a member of a class.")
                .hasMessageContaining("-Drunner=com.acme.School::runner");
    }

    @Test
    void saysWhichClassIsMissing() {
        assertThatThrownBy(() -> named("com.acme.School::runner"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(
                        "-Drunner=com.acme.School::runner: there is no class com.acme.School on the class path.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unheardOf", "notStatic", "notStaticField", "notPublic", "needsSomething", "anything"})
    void refusesAMemberThatIsNotThereOrDoesNotFitAndListsThoseThatDo(String member) {
        assertThatThrownBy(() -> named(OFFERS + "::" + member))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("-Drunner=" + OFFERS + "::" + member + ": " + OFFERS)
                .hasMessageContaining("no public static method without parameters and no public static field " + member)
                .hasMessageContaining("FIELD")
                .hasMessageContaining("method");
    }

    @Test
    void refusesAClassThatIsNotPublic() {
        assertThatThrownBy(() -> named(OFFERS + "$Hidden::runner"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("is not public");
    }

    @ParameterizedTest
    @CsvSource({
        "none, 'is null. Return one there.'",
        "fails, 'could not be made: java.lang.IllegalArgumentException: The school is closed'"
    })
    void saysWhatWentWrongWhereTheRunnerIsMade(String member, String complaint) {
        assertThatThrownBy(() -> named(OFFERS + "::" + member))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("The runner " + OFFERS + "::" + member + " " + complaint);
    }

    @Test
    void listsTheLinesToCopyWhereAProgramOffersSeveral() throws IOException {
        copy(Offers.class);
        RunnerSource source = scanning();

        assertThatThrownBy(source::findIfAny)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Found 4 runners. Say which one with one of:")
                .hasMessageContaining("  -Drunner=" + OFFERS + "::FIELD")
                .hasMessageContaining("  -Drunner=" + OFFERS + "::fails")
                .hasMessageContaining("  -Drunner=" + OFFERS + "::method")
                .hasMessageContaining("  -Drunner=" + OFFERS + "::none");
    }

    @Test
    void initialisesNoClassThatItMerelyLooksAt() throws IOException {
        copy(Offers.Loud.class);
        copy(Offers.Hidden.class);

        assertThat(scanning().findIfAny()).isEmpty();
        assertThat(System.getProperty(Offers.Loud.class.getName().replace('$', '.')))
                .isNull();
    }

    @Test
    void passesByWhatIsNoClass() throws IOException {
        Files.writeString(folder.resolve("Broken.class"), "not a class");

        assertThat(scanning().findIfAny()).isEmpty();
    }

    @Test
    void saysWhatToDoWhereThereIsNone() {
        assertThat(scanning().noneFound())
                .hasMessageStartingWith("No runner found: ")
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("-Drunner=com.acme.School::runner");
    }

    @Test
    void putsAServiceBeforeTheProgramsClasses() throws IOException {
        copy(Offers.class);
        ClassLoader loader = withService(OneFactory.class.getName());

        Optional<Runner> found = new RunnerSource(options(), loader).findIfAny();

        assertThat(found).containsSame(Offers.FIELD);
    }

    @Test
    void putsTheRunnerThatIsNamedBeforeAService() throws IOException {
        ClassLoader loader = withService(BadFactory.class.getName());

        Optional<Runner> found =
                new RunnerSource(new ToolOptions(Map.of(ToolOptions.RUNNER, OFFERS + "::FIELD")), loader).findIfAny();

        assertThat(found).containsSame(Offers.FIELD);
    }

    @Test
    void refusesTwoServices() throws IOException {
        RunnerSource source = new RunnerSource(
                options(), withService(OneFactory.class.getName() + "\n" + BadFactory.class.getName()));

        assertThatThrownBy(source::findIfAny)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Found 2 services")
                .hasMessageContaining(BadFactory.class.getName());
    }

    @Test
    void saysWhichServiceCannotBeUsed() throws IOException {
        RunnerSource source = new RunnerSource(options(), withService("com.acme.Gone"));

        assertThatThrownBy(source::findIfAny)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("cannot be used")
                .hasMessageContaining("com.acme.Gone");
    }

    @Test
    void saysWhichServiceMadeNoRunner() throws IOException {
        RunnerSource source = new RunnerSource(options(), withService(BadFactory.class.getName()));

        assertThatThrownBy(source::findIfAny)
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("The runner " + BadFactory.class.getName() + ".createRunner() is null. Return one there.");
    }

    private static Optional<Runner> named(String name) {
        return new RunnerSource(
                        new ToolOptions(Map.of(ToolOptions.RUNNER, name)), RunnerSourceTest.class.getClassLoader())
                .findIfAny();
    }

    private RunnerSource scanning() {
        return new RunnerSource(options(), RunnerSourceTest.class.getClassLoader());
    }

    private ToolOptions options() {
        return new ToolOptions(Map.of(ToolOptions.CLASSES, folder.toString()));
    }

    /** Puts a class into the folder that is looked through. */
    private void copy(Class<?> type) throws IOException {
        String file = type.getName().replace('.', '/') + ".class";
        Path copy = folder.resolve(file);
        Files.createDirectories(copy.getParent());
        try (InputStream in = type.getClassLoader().getResourceAsStream(file)) {
            Files.copy(in, copy);
        }
    }

    private ClassLoader withService(String lines) throws IOException {
        Path services = folder.resolve("services/META-INF/services");
        Files.createDirectories(services);
        Files.writeString(services.resolve(RunnerFactory.class.getName()), lines);
        URL root = folder.resolve("services").toUri().toURL();
        return new URLClassLoader(new URL[] {root}, RunnerSourceTest.class.getClassLoader());
    }

    public static final class OneFactory implements RunnerFactory {
        @Override
        public Runner createRunner() {
            return Offers.FIELD;
        }
    }

    public static final class BadFactory implements RunnerFactory {
        @Override
        public Runner createRunner() {
            return null;
        }
    }
}
