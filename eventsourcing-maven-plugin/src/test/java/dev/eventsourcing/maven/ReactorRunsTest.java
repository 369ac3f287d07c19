package dev.eventsourcing.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.apache.maven.execution.DefaultMavenExecutionRequest;
import org.apache.maven.execution.DefaultMavenExecutionResult;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginExecution;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.apache.maven.project.MavenProject;
import org.junit.jupiter.api.Test;

class ReactorRunsTest {
    private static final String GOAL = "sync-followers";

    @Test
    void tellsInTheLastModuleToEndThatNoneRan() {
        MavenSession session = session(module(), module(), module());
        MojoExecution typed = typed();

        assertThat(Stream.of(false, false, false).map(ran -> ReactorRuns.noneRan(session, typed, ran)))
                .containsExactly(false, false, true);
    }

    @Test
    void isSilentIfAnyModuleRan() {
        for (int running = 0; running < 3; running++) {
            MavenSession session = session(module(), module(), module());
            int one = running;

            assertThat(Stream.of(0, 1, 2).map(module -> ReactorRuns.noneRan(session, typed(), module == one)))
                    .containsOnly(false);
        }
    }

    @Test
    void countsTheModulesThatHaveTheGoalBoundToAPhase() {
        MavenSession session = session(module(), module("nightly"), module("other"), module("nightly"));

        assertThat(ReactorRuns.noneRan(session, bound("nightly"), false)).isFalse();
        assertThat(ReactorRuns.noneRan(session, bound("other"), true)).isFalse();
        assertThat(ReactorRuns.noneRan(session, bound("nightly"), false)).isTrue();
    }

    @Test
    void countsEachRunOfMavenByItself() {
        MavenSession first = session(module(), module());
        MavenSession second = session(module(), module());

        assertThat(ReactorRuns.noneRan(first, typed(), false)).isFalse();
        assertThat(ReactorRuns.noneRan(second, typed(), false)).isFalse();
        assertThat(ReactorRuns.noneRan(second, typed(), false)).isTrue();
    }

    private static MojoExecution typed() {
        PluginDescriptor plugin = new PluginDescriptor();
        plugin.setPlugin(plugin());
        MojoDescriptor goal = new MojoDescriptor();
        goal.setPluginDescriptor(plugin);
        goal.setGoal(GOAL);
        return new MojoExecution(goal, "default-cli", MojoExecution.Source.CLI);
    }

    private static MojoExecution bound(String execution) {
        return new MojoExecution(plugin(), GOAL, execution);
    }

    private static Plugin plugin() {
        Plugin plugin = new Plugin();
        plugin.setGroupId("dev.eventsourcing");
        plugin.setArtifactId("eventsourcing-maven-plugin");
        return plugin;
    }

    private static MavenProject module(String... executions) {
        MavenProject module = new MavenProject();
        for (String id : executions) {
            PluginExecution execution = new PluginExecution();
            execution.setId(id);
            execution.setGoals(List.of(GOAL));
            Plugin plugin = plugin();
            plugin.addExecution(execution);
            module.getBuild().addPlugin(plugin);
        }
        return module;
    }

    @SuppressWarnings("deprecation")
    private static MavenSession session(MavenProject... modules) {
        MavenSession session =
                new MavenSession(null, null, new DefaultMavenExecutionRequest(), new DefaultMavenExecutionResult());
        session.setProjects(List.of(modules));
        return session;
    }
}
