package dev.eventsourcing.maven;

import java.io.File;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Arguments for a JVM in a file, as its launcher reads them on every system: of any length, whatever is in them, and with no
 * shell in between.
 */
final class ArgumentFile {
    private final List<String> arguments = new ArrayList<>();

    /** Adds arguments as they are. */
    ArgumentFile add(Collection<String> more) {
        arguments.addAll(more);
        return this;
    }

    /** Adds a class path. */
    ArgumentFile classPath(List<String> elements) {
        return add(List.of("-cp", String.join(File.pathSeparator, elements)));
    }

    /**
     * Writes the file in the encoding in which launchers read it: that of file names.
     *
     * @throws IOException if it cannot be written, or the encoding lacks a letter of an argument
     */
    void write(Path file) throws IOException {
        write(file, fileNames());
    }

    void write(Path file, Charset encoding) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String argument : arguments) {
            text.append(quote(argument)).append(System.lineSeparator());
        }
        try {
            Files.writeString(file, text, encoding);
        } catch (CharacterCodingException e) {
            throw new IOException(
                    "a JVM that reads file names as " + encoding + " cannot be given " + firstBeyond(encoding)
                            + ". Let Maven run in a locale whose encoding has all letters, such as LANG=C.UTF-8, or put the"
                            + " project and the local repository into folders with plain letters",
                    e);
        }
    }

    /** Quotes an argument: inside of quotes nothing separates or comments, and a backslash takes the next letter as it is. */
    static String quote(String argument) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < argument.length(); i++) {
            char letter = argument.charAt(i);
            switch (letter) {
                case '\\', '"' -> quoted.append('\\').append(letter);
                // The launcher knows these four by their names; a quoted argument would otherwise end with its line.
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\f' -> quoted.append("\\f");
                default -> quoted.append(letter);
            }
        }
        return quoted.append('"').toString();
    }

    private String firstBeyond(Charset encoding) {
        return arguments.stream()
                .flatMap(argument -> List.of(argument.split(File.pathSeparator)).stream())
                .filter(part -> !encoding.newEncoder().canEncode(CharBuffer.wrap(part)))
                .findFirst()
                .orElse("its arguments");
    }

    private static Charset fileNames() {
        String name = System.getProperty("sun.jnu.encoding");
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    }
}
