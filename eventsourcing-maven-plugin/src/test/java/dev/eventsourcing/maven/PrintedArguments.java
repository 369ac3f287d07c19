package dev.eventsourcing.maven;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A program that prints what its JVM was given, so that no console changes it. */
final class PrintedArguments {
    private PrintedArguments() {}

    public static void main(String[] arguments) {
        print(System.getProperty("java.class.path"));
        print(System.getProperty("told", ""));
        for (String argument : arguments) {
            print(argument);
        }
    }

    private static void print(String text) {
        System.out.println(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }
}
