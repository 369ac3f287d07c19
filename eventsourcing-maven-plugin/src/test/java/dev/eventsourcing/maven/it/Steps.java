package dev.eventsourcing.maven.it;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;

/** The commands of a project's {@code invoker.properties}, and what each printed, without Maven's own lines around it. */
public final class Steps {
    /**
     * The line with which a goal that the user asked for begins, and what it prints up to the next goal or the end. One of ours may
     * be asked for with the id of an execution in the POM.
     */
    private static final Pattern GOAL = Pattern.compile(
            "^\\[INFO] --- (?:\\S+ \\(default-cli\\)|eventsourcing\\S+ \\([^)]+\\)) @ [^\\n]* ---\\n(.*?)(?=^(?:\\[INFO] \\n)?\\[INFO] (?:---|>>>))",
            Pattern.MULTILINE | Pattern.DOTALL);

    private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;]*m");

    private Steps() {}

    /** The steps of a project that was run, in their order. */
    public static List<Step> of(File project) throws IOException {
        Properties invocations = new Properties();
        try (InputStream in = Files.newInputStream(project.toPath().resolve("invoker.properties"))) {
            invocations.load(in);
        }
        String log = Files.readString(project.toPath().resolve("build.log")).replace("\r", "");
        log = COLOURS.matcher(log).replaceAll("");
        String[] runs = log.split("(?m)^\\[INFO] Scanning for projects\\.\\.\\.$");
        List<Step> steps = new ArrayList<>();
        for (int i = 1; i < runs.length; i++) {
            List<String> goals =
                    GOAL.matcher(runs[i]).results().map(goal -> goal.group(1)).toList();
            String command =
                    "mvn " + invocations.getProperty("invoker.goals." + i, invocations.getProperty("invoker.goals"));
            steps.add(new Step(command, goals, String.join("", goals), runs[i]));
        }
        return steps;
    }

    /** Prints the steps to the console of the build, as they stand in the log. */
    public static void tell(List<Step> steps, String title) {
        PrintStream console = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        console.println();
        console.println(title);
        for (Step step : steps) {
            console.println();
            console.println("$ " + step.command());
            console.print(step.output());
        }
        console.println();
    }

    /**
     * One run of Maven.
     *
     * @param command what was typed
     * @param goals what each of the goals named there printed
     * @param output what all of them printed
     * @param log all that was printed
     */
    public record Step(String command, List<String> goals, String output, String log) {}
}
