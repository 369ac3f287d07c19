package dev.eventsourcing.tool;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.system.Runner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the program offers without having been asked, and whether several members are names of one runner. Fields are read, which
 * initialises their classes; what is null there is no runner. If the fields have one runner, the methods beside them, in their class,
 * are called, as they may return it. No other method is: it would make a runner, or start one, that nobody asked for. If there are
 * several nonetheless, those that were made to see it are closed.
 */
final class OfferedRunners {
    private final RunnerSource source;
    private final Set<Runner> made = Collections.newSetFromMap(new IdentityHashMap<>());

    OfferedRunners(RunnerSource source) {
        this.source = source;
    }

    /**
     * The one runner that members have; empty if there is no member.
     *
     * @throws ConfigurationException if there are several, or it cannot be made
     */
    Optional<Runner> only(List<RunnerMember> members) {
        if (members.size() < 2) {
            return members.stream().findFirst().map(source::make);
        }
        try {
            return Optional.of(onlyOfSeveral(members));
        } catch (EventSourcingException e) {
            made.forEach(runner -> close(runner, e));
            throw e;
        }
    }

    private Runner onlyOfSeveral(List<RunnerMember> members) {
        List<RunnerMember> candidates = new ArrayList<>();
        List<Class<?>> holders = new ArrayList<>();
        for (RunnerMember member : members) {
            if (!member.isField()) {
                candidates.add(member);
            } else if (source.valueOf(member) instanceof Runner runner) {
                candidates.add(member);
                holders.add(member.type());
                made.add(runner);
            }
        }
        if (made.isEmpty()) {
            if (candidates.size() > 1) {
                throw several(candidates);
            }
            return source.make(candidates.isEmpty() ? members.get(0) : candidates.get(0));
        }
        List<RunnerMember> methods =
                candidates.stream().filter(member -> !member.isField()).toList();
        if (made.size() > 1 || methods.stream().anyMatch(method -> !holders.contains(method.type()))) {
            throw several(candidates);
        }
        for (RunnerMember method : methods) {
            call(method, candidates);
            if (made.size() > 1) {
                throw several(candidates);
            }
        }
        return made.iterator().next();
    }

    private void call(RunnerMember method, List<RunnerMember> candidates) {
        try {
            made.add(source.make(method));
        } catch (EventSourcingException e) {
            // Whatever it does, it does not return what the field has.
            ConfigurationException several = several(candidates);
            several.addSuppressed(e);
            throw several;
        }
    }

    private static ConfigurationException several(List<RunnerMember> members) {
        return new ConfigurationException(
                "Found " + members.size() + " runners. Say which one with one of:" + NamedRunner.lines(members));
    }

    private static void close(Runner runner, EventSourcingException error) {
        try {
            runner.close();
        } catch (Throwable e) {
            error.addSuppressed(e);
        }
    }
}
