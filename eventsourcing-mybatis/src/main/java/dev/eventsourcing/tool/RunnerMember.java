package dev.eventsourcing.tool;

import dev.eventsourcing.system.Runner;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A field or a method of a class of the program, and whether a runner can be had from it. Looking at one initialises no class. */
final class RunnerMember {
    private final Class<?> type;
    private final Member member;

    private RunnerMember(Class<?> type, Member member) {
        this.type = type;
        this.member = member;
    }

    /**
     * What a class itself declares and whose type is Runner, whether it can be had or not; sorted, a method before a field of its
     * name.
     *
     * @throws LinkageError if a class that it refers to is missing
     */
    static List<RunnerMember> declaredBy(Class<?> type) {
        return declared(type).stream()
                .filter(member -> Runner.class.isAssignableFrom(typeOf(member)))
                .map(member -> new RunnerMember(type, member))
                .toList();
    }

    /**
     * What of {@link #declaredBy} can be had, each name once.
     *
     * @throws LinkageError if a class that it refers to is missing
     */
    static List<RunnerMember> offeredBy(Class<?> type) {
        Map<String, RunnerMember> offered = new LinkedHashMap<>();
        declaredBy(type).stream()
                .filter(member -> member.complaints().isEmpty())
                .forEach(member -> offered.putIfAbsent(member.name(), member));
        return List.copyOf(offered.values());
    }

    /**
     * All members of a name that a class declares or inherits; those that can be had come first, methods before fields.
     *
     * @throws LinkageError if a class that it refers to is missing
     */
    static List<RunnerMember> named(Class<?> type, String name) {
        List<Member> named = new ArrayList<>();
        for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
            named.addAll(declared(owner));
            for (Class<?> constants : owner.getInterfaces()) {
                // Methods of interfaces are not inherited as far as they are static.
                declared(constants).stream().filter(Field.class::isInstance).forEach(named::add);
            }
        }
        return named.stream()
                .filter(member -> member.getName().equals(name))
                .map(member -> new RunnerMember(type, member))
                .sorted(Comparator.comparing(member -> !member.complaints().isEmpty()))
                .toList();
    }

    /**
     * Why a class cannot be used from outside, as the end of a sentence; empty if it can.
     *
     * @throws LinkageError if a class that it is inside of is missing
     */
    static Optional<String> hidden(Class<?> type) {
        for (Class<?> outer = type; outer != null; outer = outer.getDeclaringClass()) {
            if (!Modifier.isPublic(outer.getModifiers())) {
                return Optional.of(
                        outer.equals(type)
                                ? type.getName() + " is not public"
                                : type.getName() + " is inside of " + outer.getName() + ", which is not public");
            }
        }
        return Optional.empty();
    }

    /** The name of the member. */
    String simpleName() {
        return member.getName();
    }

    /** Class and member, as in {@code -Drunner}. */
    String name() {
        return type.getName() + "::" + member.getName();
    }

    Class<?> type() {
        return type;
    }

    boolean isField() {
        return member instanceof Field;
    }

    /** Whether it says that it is a runner. */
    boolean isRunner() {
        return Runner.class.isAssignableFrom(typeOf(member));
    }

    /** Why no runner can be had from it, each as the end of a sentence that begins with it; empty if one can. */
    List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        hidden(member.getDeclaringClass()).ifPresent(hidden -> complaints.add("is not to be had, as class " + hidden));
        if (!Modifier.isPublic(member.getModifiers())) {
            complaints.add("is not public");
        }
        if (!Modifier.isStatic(member.getModifiers())) {
            complaints.add("is not static");
        }
        int parameters = member instanceof Method method ? method.getParameterCount() : 0;
        if (parameters > 0) {
            complaints.add("takes " + parameters + (parameters == 1 ? " parameter" : " parameters"));
        }
        if (!isRunner()) {
            complaints.add("is of type " + typeOf(member).getTypeName());
        }
        return complaints;
    }

    /** What it is and why no runner can be had from it, as a sentence without its end. */
    String complaint() {
        return (isField() ? "field " : "method ") + simpleName() + " " + String.join(", and ", complaints());
    }

    /**
     * What it has, which initialises its class.
     *
     * @throws Throwable what the program throws, as it is
     */
    @Nullable Object value() throws Throwable {
        try {
            return member instanceof Method method ? method.invoke(null) : ((Field) member).get(null);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static List<Member> declared(Class<?> type) {
        List<Member> members = new ArrayList<>(List.of(type.getDeclaredMethods()));
        members.addAll(List.of(type.getDeclaredFields()));
        // Reflection gives them in any order, and bridges with them.
        members.removeIf(Member::isSynthetic);
        members.sort(Comparator.comparing(Member::getName)
                .thenComparing(Field.class::isInstance)
                .thenComparing(Member::toString));
        return members;
    }

    private static Class<?> typeOf(Member member) {
        return member instanceof Method method ? method.getReturnType() : ((Field) member).getType();
    }
}
