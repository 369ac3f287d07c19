package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.CannotConnectException;
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
import java.util.ServiceConfigurationError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunnerSourceTest {
    private static final String OFFERS = Offers.class.getName();
    private static final String MISTAKES = Mistakes.class.getName();
    private static final String HOW = "Name a public static method without parameters, or a public static field,"
            + " whose type is dev.eventsourcing.system.Runner: -Drunner=com.acme.School::runner";

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

    @Test
    void takesAMemberThatIsInherited() {
        assertThat(named(MISTAKES + "$Child::HELD")).containsSame(Mistakes.Parent.HELD);
        assertThat(named(MISTAKES + "$Child::runner")).containsSame(Mistakes.Parent.HELD);
    }

    @Test
    void takesAClassInsideOfAnotherWithADotToo() {
        assertThat(named(MISTAKES + ".Parent.runner")).containsSame(Mistakes.Parent.HELD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "runner",
                "true",
                "School::",
                "::runner",
                ".runner",
                "com.acme.",
                "com.acme.School#runner",
                "com.acme.School::runner()",
                "com.acme.School::new.runner",
                "${runner}"
            })
    void refusesANameThatNamesNoMember(String name) {
        assertThatThrownBy(() -> named(name))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("-Drunner=" + name + " does not name a member of a class. " + HOW);
    }

    @Test
    void saysWhichClassIsMissing() {
        assertThatThrownBy(() -> named("com.acme.School::runner"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("-Drunner=com.acme.School::runner: there is no class com.acme.School on the class path."
                        + " Is it compiled? " + HOW);
    }

    @Test
    void listsTheRunnersOfTheProgramWhereTheClassIsMissing() throws IOException {
        copy(Mistakes.Parent.class);
        RunnerSource source = new RunnerSource(
                new ToolOptions(Map.of("runner", "com.acme.School::runner", "classes", folder.toString())),
                getClass().getClassLoader());

        assertThatThrownBy(source::findIfAny)
                .hasMessage(lines(
                        "-Drunner=com.acme.School::runner: there is no class com.acme.School on the class path."
                                + " Is it compiled? " + HOW,
                        "There is:",
                        "  -Drunner=" + MISTAKES + "$Parent::HELD",
                        "  -Drunner=" + MISTAKES + "$Parent::runner"));
    }

    @Test
    void saysThatAClassAloneIsNotEnough() {
        assertThatThrownBy(() -> named(MISTAKES + "$Parent"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(lines(
                        "-Drunner=" + MISTAKES + "$Parent names a class and no member of it. " + HOW,
                        MISTAKES + "$Parent has:",
                        "  -Drunner=" + MISTAKES + "$Parent::HELD",
                        "  -Drunner=" + MISTAKES + "$Parent::runner"));
    }

    @ParameterizedTest
    @CsvSource({
        "unheardOf, there is no method and no field unheardOf",
        "notStatic, method notStatic is not static",
        "notStaticField, field notStaticField is not static",
        "notPublic, method notPublic is not public",
        "needsSomething, method needsSomething takes 1 parameter",
        "needsMore, method needsMore takes 2 parameters",
        "anything, method anything is of type java.lang.Object",
        "nothing, method nothing is of type void",
        "NAMES, field NAMES is of type java.lang.String[]",
        "wrong, 'method wrong is not public, and is not static, and takes 1 parameter, and is of type java.lang.String'",
        "both, method both is not public; field both is not static"
    })
    void saysWhatIsWrongWithTheMemberAndListsThoseThatDo(String member, String complaint) {
        assertThatThrownBy(() -> named(OFFERS + "::" + member))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(lines(
                        "-Drunner=" + OFFERS + "::" + member + ": " + complaint + ". " + HOW,
                        OFFERS + " has:",
                        "  -Drunner=" + OFFERS + "::FIELD",
                        "  -Drunner=" + OFFERS + "::fails",
                        "  -Drunner=" + OFFERS + "::method",
                        "  -Drunner=" + OFFERS + "::none"));
    }

    @Test
    void refusesAClassThatIsNotPublic() {
        assertThatThrownBy(() -> named(OFFERS + "$Hidden::runner"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "-Drunner=" + OFFERS + "$Hidden::runner: class " + OFFERS + "$Hidden is not public. " + HOW);
    }

    @Test
    void refusesAClassInsideOfOneThatIsNotPublic() {
        assertThatThrownBy(() -> named(MISTAKES + "$Hidden$Inside::runner"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("-Drunner=" + MISTAKES + "$Hidden$Inside::runner: class " + MISTAKES
                        + "$Hidden$Inside is inside of " + MISTAKES + "$Hidden, which is not public. " + HOW);
    }

    @Test
    void refusesAMemberThatIsInheritedFromAClassThatIsNotPublic() {
        assertThatThrownBy(() -> named(MISTAKES + "$Heir::runner"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("-Drunner=" + MISTAKES + "$Heir::runner: method runner is not to be had, as class "
                        + MISTAKES + "$HiddenParent is not public. " + HOW);
    }

    @ParameterizedTest
    @ValueSource(classes = {Mistakes.Refers.class, Mistakes.Extends.class})
    void saysWhatAClassNeedsThatIsNotThere(Class<?> type) {
        String name = type.getName() + "::runner";
        RunnerSource source =
                new RunnerSource(new ToolOptions(Map.of("runner", name)), new Without(Mistakes.Gone.class));

        assertThatThrownBy(source::findIfAny)
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "-Drunner=" + name + ": class " + type.getName() + " needs class " + MISTAKES
                                + "$Gone, which is not on the class path. Is a dependency missing, or of scope test or provided?");
    }

    @Test
    void saysThatTheRunnerIsNull() {
        assertThatThrownBy(() -> named(OFFERS + "::none"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("The runner " + OFFERS + "::none is null. Return one there.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "withCause | java.lang.IllegalStateException: No school/  caused by java.io.IOException: The disk is full | withCause",
                "withRepeatedCause | java.lang.IllegalStateException: No school: The disk is full | withRepeatedCause",
                "checked | java.io.IOException: The disk is full | checked",
                "inTheJdk | java.lang.NullPointerException: No dog | inTheJdk",
                "withoutMessage | java.lang.IllegalStateException | withoutMessage",
                "ofOurs | The school is too small. Build a larger one. | ofOurs",
                "deep | java.lang.IllegalArgumentException: Fido barks | bark",
                "inTheLibrary | The system has no applications. Give it a pipe. | inTheLibrary",
                "endless | java.lang.StackOverflowError | endless",
                "missing | java.lang.NoClassDefFoundError: com/acme/Gone | missing",
                "circular | java.lang.IllegalStateException: Hen/  caused by java.lang.IllegalStateException: Egg | circular"
            })
    void saysWhatTheProgramThrewAndWhere(String member, String said, String method) {
        Throwable error = catchThrowable(() -> named(MISTAKES + "::" + member));

        assertThat(error).isInstanceOf(ConfigurationException.class);
        // A stack that is full may be so before the first line, where a method is measured.
        assertThat(error.getMessage().replaceFirst("Mistakes.java(:[0-9]+)?", "Mistakes.java:n"))
                .isEqualTo(lines(
                        ("The runner " + MISTAKES + "::" + member + " could not be made: " + said)
                                .replace("/  caused", System.lineSeparator() + "  caused"),
                        "  at " + MISTAKES + "." + method + "(Mistakes.java:n)"));
        assertThat(error).hasStackTraceContaining("Mistakes." + method);
    }

    @ParameterizedTest
    @CsvSource({
        "Initialised::FIELD, java.lang.IllegalStateException: No setting",
        "Asserted::FIELD, java.lang.AssertionError: Not so"
    })
    void saysWhatAClassThrewAsItWasInitialised(String member, String said) {
        // A loader of its own, as a class is initialised once.
        RunnerSource source = new RunnerSource(
                new ToolOptions(Map.of("runner", MISTAKES + "$" + member)), new Without(Mistakes.Gone.class));

        assertThatThrownBy(source::findIfAny)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageMatching("\\QThe runner " + MISTAKES + "$" + member + " could not be made: " + said
                        + System.lineSeparator() + "  at " + MISTAKES + "$" + member.replaceFirst("::.*", "")
                        + ".fail(Mistakes.java:\\E[0-9]+\\)");
    }

    @Test
    void putsTheProgramsOwnCodeBeforeThatOfOthers() throws IOException {
        copy(Offers.class);
        RunnerSource source = new RunnerSource(
                new ToolOptions(Map.of("runner", MISTAKES + "$OverOthers::runner", "classes", folder.toString())),
                getClass().getClassLoader());

        assertThatThrownBy(source::findIfAny).hasMessageContaining("  at " + OFFERS + ".fails(Offers.java:");
    }

    @Test
    void aDatabaseThatIsAwayStaysThatHoweverDeepItIs() {
        assertThatThrownBy(() -> named(MISTAKES + "::away"))
                .isInstanceOf(CannotConnectException.class)
                .hasMessageMatching("\\QThe runner " + MISTAKES
                        + "::away could not be made: java.lang.IllegalStateException: No school"
                        + System.lineSeparator() + "  caused by no connection to the database"
                        + System.lineSeparator() + "  at " + MISTAKES + ".away(Mistakes.java:\\E[0-9]+\\)");
    }

    @Test
    void countsARunnerUnderManyNamesOnce() throws IOException {
        copy(Mistakes.TwoNames.class);
        copy(Mistakes.ThirdName.class);

        assertThat(scanning().findIfAny()).containsSame(Mistakes.TwoNames.HELD);
    }

    @Test
    void takesAFieldThatIsStillEmptyForNoRunner() throws IOException {
        copy(Mistakes.Later.class);

        assertThat(scanning().findIfAny()).containsSame(Offers.FIELD);
    }

    @Test
    void saysThatARunnerIsNullWhereAllFieldsAreEmpty() throws IOException {
        copy(Mistakes.Empty.class);
        RunnerSource source = scanning();

        assertThatThrownBy(source::findIfAny)
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("The runner " + MISTAKES + "$Empty::first is null. Return one there.");
    }

    @Test
    void closesWhatItMadeOnlyToSeeThatThereAreSeveral() throws IOException {
        copy(Mistakes.HeldAndMade.class);
        RunnerSource source = scanning();

        assertThatThrownBy(source::findIfAny)
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(several("HeldAndMade", "HELD", "made"));
        assertThat(Mistakes.HeldAndMade.CLOSED).containsExactlyInAnyOrder("held", "made");
    }

    @Test
    void takesAMethodThatFailsForNoOtherNameOfTheRunner() throws IOException {
        copy(Mistakes.HeldAndFailing.class);
        RunnerSource source = scanning();

        assertThatThrownBy(source::findIfAny)
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(several("HeldAndFailing", "HELD", "fails"));
    }

    @Test
    void callsNoMethodThatNobodyHasAskedFor() throws IOException {
        copy(Mistakes.Careful.class);
        RunnerSource careful = scanning();

        assertThatThrownBy(careful::findIfAny).hasMessage(several("Careful", "one", "two"));

        copy(Mistakes.Parent.class);
        RunnerSource besideAnother = scanning();

        assertThatThrownBy(besideAnother::findIfAny).hasMessageStartingWith("Found 4 runners.");
        assertThat(Mistakes.Careful.calls).isZero();
    }

    @Test
    void listsTheLinesToCopyWhereAProgramOffersSeveral() throws IOException {
        copy(Offers.class);
        RunnerSource source = scanning();

        assertThatThrownBy(source::findIfAny)
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(lines(
                        "Found 4 runners. Say which one with one of:",
                        "  -Drunner=" + OFFERS + "::FIELD",
                        "  -Drunner=" + OFFERS + "::fails",
                        "  -Drunner=" + OFFERS + "::method",
                        "  -Drunner=" + OFFERS + "::none"));
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
        assertThat(scanning().noneFound()).hasMessage(none());
    }

    @Test
    void saysWhereThereIsNoneWhatIsNearlyOne() throws IOException {
        copy(Mistakes.Nearly.class);
        Files.writeString(folder.resolve("Broken.class"), "not a class");

        assertThat(scanning().noneFound())
                .hasMessage(lines(
                        none(),
                        "  In " + MISTAKES + "$Nearly, method runner is not public, and takes 1 parameter.",
                        "  Class Broken is not on the class path."));
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
                .hasMessage(
                        "Found 2 services of type dev.eventsourcing.system.RunnerFactory: " + BadFactory.class.getName()
                                + ", " + OneFactory.class.getName() + ". Leave one, or name a runner. " + HOW);
    }

    @Test
    void countsAServiceThatIsListedTwiceOnce() throws IOException {
        String twice = OneFactory.class.getName() + "\n" + OneFactory.class.getName();
        ClassLoader loader = withService(twice, withService(twice));

        assertThat(new RunnerSource(options(), loader).findIfAny()).containsSame(Offers.FIELD);
    }

    @ParameterizedTest
    @CsvSource({
        "com.acme.Gone, com.acme.Gone not found",
        "dev.eventsourcing.tool.Offers, dev.eventsourcing.tool.Offers not a subtype",
        "no class at all, Illegal configuration-file syntax"
    })
    void saysWhichServiceCannotBeFound(String line, String complaint) throws IOException {
        RunnerSource source = new RunnerSource(options(), withService(line));

        assertThatThrownBy(source::findIfAny)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("The service that makes the runner cannot be found:"
                        + " dev.eventsourcing.system.RunnerFactory: ")
                .hasMessageContaining(complaint)
                .hasMessageEndingWith(". Mend it, or name a runner. " + HOW);
    }

    @Test
    void saysWhichServiceMadeNoRunner() throws IOException {
        RunnerSource source = new RunnerSource(options(), withService(BadFactory.class.getName()));

        assertThatThrownBy(source::findIfAny)
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("The runner " + BadFactory.class.getName() + "::createRunner is null. Return one there.");
    }

    @Test
    void saysWhatAServiceThrewAsItWasMade() throws IOException {
        RunnerSource source = new RunnerSource(options(), withService(UnmadeFactory.class.getName()));

        assertThatThrownBy(source::findIfAny)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageMatching("\\QThe service " + UnmadeFactory.class.getName()
                        + " could not be made: java.lang.IllegalStateException: No factory" + System.lineSeparator()
                        + "  at " + UnmadeFactory.class.getName() + ".<init>(RunnerSourceTest.java:\\E[0-9]+\\)");
    }

    @ParameterizedTest
    @ValueSource(classes = {FailingFactory.class, LookingFactory.class})
    void saysWhatAServiceThrewAsItMadeTheRunner(Class<?> factory) throws IOException {
        RunnerSource source = new RunnerSource(options(), withService(factory.getName()));

        assertThatThrownBy(source::findIfAny)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageMatching("(?s)\\QThe runner " + factory.getName() + "::createRunner could not be made: \\E.*"
                        + System.lineSeparator() + "\\Q  at " + factory.getName()
                        + ".createRunner(RunnerSourceTest.java:\\E[0-9]+\\)");
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

    private static String lines(String... lines) {
        return String.join(System.lineSeparator(), lines);
    }

    private static String several(String type, String one, String two) {
        return lines(
                "Found 2 runners. Say which one with one of:",
                "  -Drunner=" + MISTAKES + "$" + type + "::" + one,
                "  -Drunner=" + MISTAKES + "$" + type + "::" + two);
    }

    private String none() {
        return "No runner found: none is named, none is provided as a service dev.eventsourcing.system.RunnerFactory, and no"
                + " public class in " + folder + " offers one. " + HOW;
    }

    private ClassLoader withService(String lines) throws IOException {
        return withService(lines, RunnerSourceTest.class.getClassLoader());
    }

    /** As with one more jar that lists services. */
    private ClassLoader withService(String lines, ClassLoader parent) throws IOException {
        Path root = Files.createTempDirectory(folder, "services");
        Path services = root.resolve("META-INF/services");
        Files.createDirectories(services);
        Files.writeString(services.resolve(RunnerFactory.class.getName()), lines);
        return new URLClassLoader(new URL[] {root.toUri().toURL()}, parent);
    }

    /** Loads the mistakes anew, and does not know one class. */
    private static final class Without extends ClassLoader {
        private final Class<?> gone;

        Without(Class<?> gone) {
            super(RunnerSourceTest.class.getClassLoader());
            this.gone = gone;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.equals(gone.getName())) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith(MISTAKES) || findLoadedClass(name) != null) {
                return super.loadClass(name, resolve);
            }
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length, Mistakes.class.getProtectionDomain());
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
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

    public static final class UnmadeFactory implements RunnerFactory {
        public UnmadeFactory() {
            throw new IllegalStateException("No factory");
        }

        @Override
        public Runner createRunner() {
            return Offers.FIELD;
        }
    }

    public static final class FailingFactory implements RunnerFactory {
        @Override
        public Runner createRunner() {
            throw new IllegalStateException("No school");
        }
    }

    /** Looks for a service of its own. */
    public static final class LookingFactory implements RunnerFactory {
        @Override
        public Runner createRunner() {
            throw new ServiceConfigurationError("Another service");
        }
    }
}
