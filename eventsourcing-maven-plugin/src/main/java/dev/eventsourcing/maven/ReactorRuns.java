package dev.eventsourcing.maven;

import java.util.List;
import java.util.Map;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginExecution;
import org.apache.maven.plugin.MojoExecution;

/**
 * Counts, for one run of Maven, the modules in which a goal has come to its end, and those that had something to run it with.
 * Modules may come in any order and several at once. What it knows hangs on the run and is made of types of the JDK, as two
 * modules may have loaded this class twice.
 */
final class ReactorRuns {
    private ReactorRuns() {}

    /**
     * Notes that a goal came to its end in a module.
     *
     * @param ran whether it had something to run with
     * @return whether this was the last module that has the goal, and none had something to run with
     */
    static boolean noneRan(MavenSession session, MojoExecution goal, boolean ran) {
        String key = ReactorRuns.class.getName() + " " + goal.getGoal() + "@" + goal.getExecutionId();
        synchronized (session.getRequest()) {
            Map<String, Object> known = session.getRequest().getData();
            int[] counts = (int[]) known.computeIfAbsent(key, absent -> new int[2]);
            counts[0]++;
            counts[1] += ran ? 1 : 0;
            return counts[0] == modulesWith(goal, session) && counts[1] == 0;
        }
    }

    private static long modulesWith(MojoExecution goal, MavenSession session) {
        // What is named on the command line is done in all modules, what a POM binds to a phase in those that have it.
        boolean everywhere = goal.getSource() == MojoExecution.Source.CLI;
        return session.getProjects().stream()
                .filter(module -> everywhere || has(module.getBuildPlugins(), goal))
                .count();
    }

    private static boolean has(List<Plugin> plugins, MojoExecution goal) {
        return plugins.stream()
                .filter(plugin -> plugin.getKey().equals(goal.getPlugin().getKey()))
                .flatMap(plugin -> plugin.getExecutions().stream())
                .anyMatch(execution -> is(execution, goal));
    }

    private static boolean is(PluginExecution execution, MojoExecution goal) {
        return execution.getId().equals(goal.getExecutionId())
                && execution.getGoals().contains(goal.getGoal());
    }
}
