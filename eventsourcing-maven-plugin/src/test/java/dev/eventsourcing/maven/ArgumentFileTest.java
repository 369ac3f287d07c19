package dev.eventsourcing.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a launcher understands is asked of a real one; it reads these files alike on every system. */
class ArgumentFileTest {
    private static final String JAVA = new File(System.getProperty("java.home"), "bin/java").getPath();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/home/me/a b.jar | \"/home/me/a b.jar\"",
                "C:\\Users\\Jörg\\a.jar | \"C:\\\\Users\\\\Jörg\\\\a.jar\"",
                "\\\\server\\share\\new\\ | \"\\\\\\\\server\\\\share\\\\new\\\\\"",
                "/odd/\"quoted\".jar | \"/odd/\\\"quoted\\\".jar\"",
                "/a#b.jar | \"/a#b.jar\""
            })
    void quotesWhatALauncherWouldTakeForSomethingElse(String path, String quoted) {
        assertThat(ArgumentFile.quote(path)).isEqualTo(quoted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "",
                "two words",
                " spaces around ",
                "a\ttab, a\nline, a\rreturn, a\fpage",
                "C:\\Program Files\\Java\\new\\table\\run.jar",
                "ends with a backslash\\",
                "\\\\server\\share\\lib",
                "C:\\a.jar;D:\\b c.jar;\\\\server\\share\\d.jar",
                "\"quoted\"",
                "it's 'quoted' too",
                "# no comment",
                "a#b",
                "100% %PATH% %%",
                "$HOME `id` !bang! ^caret & | < > ( )",
                "@no.file",
                "-Dname=value with = and spaces"
            })
    void saysToALauncherWhatWasMeant(String argument) throws Exception {
        assertThat(told(new ArgumentFile().classPath(testClassPath()), argument))
                .isEqualTo(argument);
    }

    @Test
    void keepsAClassPathOfAnyLength() throws Exception {
        List<String> classPath = new ArrayList<>(testClassPath());
        IntStream.range(0, 5_000)
                .mapToObj(i -> folder.resolve("a folder with a long name/" + "x".repeat(60) + i + "#%.jar"))
                .forEach(path -> classPath.add(path.toString()));

        List<String> printed = print(new ArgumentFile().classPath(classPath));

        assertThat(printed.get(0)).hasSizeGreaterThan(500_000).isEqualTo(String.join(File.pathSeparator, classPath));
    }

    @Test
    void writesTheEncodingInWhichLaunchersReadNamesOfFiles() throws Exception {
        Path file = folder.resolve("java.args");

        new ArgumentFile().add(List.of("Jörg")).write(file, StandardCharsets.ISO_8859_1);

        assertThat(Files.readAllBytes(file)).startsWith('"', 'J', 0xF6, 'r', 'g', '"');
    }

    @Test
    void namesThePathThatTheEncodingHasNoLettersFor() {
        ArgumentFile arguments =
                new ArgumentFile().classPath(List.of("/home/me/a.jar", "/home/Łukasz/b.jar", "/home/me/c.jar"));

        for (String encoding : List.of("US-ASCII", "windows-1252")) {
            assertThatThrownBy(() -> arguments.write(folder.resolve("java.args"), Charset.forName(encoding)))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(
                            "a JVM that reads file names as " + encoding + " cannot be given " + "/home/Łukasz/b.jar. ")
                    .hasMessageContaining("LANG=C.UTF-8");
        }
    }

    /** What a JVM has for a system property that the file sets. */
    private String told(ArgumentFile arguments, String value) throws Exception {
        return print(arguments.add(List.of("-Dtold=" + value))).get(1);
    }

    private List<String> print(ArgumentFile arguments) throws Exception {
        Path file = folder.resolve("java.args");
        arguments.write(file);
        Process process = new ProcessBuilder(
                        JAVA, "-XX:TieredStopAtLevel=1", "@" + file, PrintedArguments.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(process.waitFor()).isZero();
            return output.lines()
                    .map(line -> new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8))
                    .toList();
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> testClassPath() {
        return List.of(Path.of("target", "test-classes").toAbsolutePath().toString());
    }
}
