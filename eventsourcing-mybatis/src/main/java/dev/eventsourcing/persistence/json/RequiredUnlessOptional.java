package dev.eventsourcing.persistence.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;

/**
 * Tells Jackson which components must be there: all but optionals, collections, maps and those annotated {@code @Nullable}. A
 * null in one that must be there is refused in both directions, so that nothing is stored that cannot be read.
 */
final class RequiredUnlessOptional extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    private static final Set<Class<?>> OPTIONALS =
            Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

    @Override
    public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
        Boolean stated = super.hasRequiredMarker(config, member);
        return stated != null ? stated : mustBeThere(member);
    }

    @Override
    public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
        JsonSetter.Value stated = super.findSetterInfo(config, annotated);
        if (stated.getValueNulls() != Nulls.DEFAULT) {
            return stated;
        }
        if (isCollection(annotated) && !isNullable(annotated)) {
            return stated.withValueNulls(Nulls.AS_EMPTY);
        }
        return annotated instanceof AnnotatedMember && mustBeThere(annotated)
                ? stated.withValueNulls(Nulls.FAIL)
                : stated;
    }

    @Override
    public @Nullable Object findNullSerializer(MapperConfig<?> config, Annotated annotated) {
        Object stated = super.findNullSerializer(config, annotated);
        boolean refuse = annotated instanceof AnnotatedMember && (mustBeThere(annotated) || isCollection(annotated));
        return stated == null && refuse && !isNullable(annotated) ? new RefusingNull(annotated.getName()) : stated;
    }

    @Override
    public JsonInclude.Value findPropertyInclusion(MapperConfig<?> config, Annotated annotated) {
        JsonInclude.Value stated = super.findPropertyInclusion(config, annotated);
        return annotated instanceof AnnotatedMember
                        && stated.getValueInclusion() == JsonInclude.Include.USE_DEFAULTS
                        && (isNullable(annotated) || OPTIONALS.contains(annotated.getRawType()))
                ? stated.withValueInclusion(JsonInclude.Include.NON_ABSENT)
                : stated;
    }

    private static boolean mustBeThere(Annotated annotated) {
        return !OPTIONALS.contains(annotated.getRawType()) && !isCollection(annotated) && !isNullable(annotated);
    }

    private static boolean isCollection(Annotated annotated) {
        Class<?> type = annotated.getRawType();
        return Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
    }

    /** Whether a {@code @Nullable} of any origin stands at the type or the declaration. */
    private static boolean isNullable(Annotated annotated) {
        Member member = annotated instanceof AnnotatedMember m ? m.getMember() : null;
        AnnotatedType type = null;
        if (annotated instanceof AnnotatedParameter parameter && member instanceof Constructor<?> constructor) {
            AnnotatedType[] types = constructor.getAnnotatedParameterTypes();
            type = parameter.getIndex() < types.length ? types[parameter.getIndex()] : null;
        } else if (member instanceof Field field) {
            type = field.getAnnotatedType();
        } else if (member instanceof Method method) {
            type = method.getAnnotatedReturnType();
        }
        boolean declared = annotated.getAnnotated() != null
                && hasNullable(annotated.getAnnotated().getAnnotations());
        return declared || (type != null && hasNullable(type.getAnnotations()));
    }

    private static boolean hasNullable(Annotation[] annotations) {
        return Stream.of(annotations)
                .anyMatch(annotation ->
                        annotation.annotationType().getSimpleName().equals("Nullable"));
    }

    /** Stands where a null would be written. */
    private static final class RefusingNull extends ValueSerializer<Object> {
        private final String component;

        RefusingNull(String component) {
            this.component = component;
        }

        @Override
        public void serialize(@Nullable Object value, JsonGenerator generator, SerializationContext context) {
            throw new IllegalArgumentException("'" + component
                    + "' is null, and could not be read back. Give it a value, or make it Optional or @Nullable");
        }
    }
}
