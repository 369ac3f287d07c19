package dev.eventsourcing.persistence.json;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.eventsourcing.domain.errors.Thrown;
import java.lang.annotation.Annotation;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Currency;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.AbstractDeserializer;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedWithParams;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.jsontype.impl.AsDeductionTypeDeserializer;
import tools.jackson.databind.ser.bean.BeanSerializerBase;

/**
 * Checks by the declarations of a type, and of all its parts, whether its values come back from JSON as they were written. There are
 * three answers: certainly, and no value needs a check; not always, and the type is refused; or it depends on the value, which is then
 * read back before it is stored. The check knows the types that are named here and asks Jackson for all others, so that modules and
 * annotations count.
 */
public final class TypeCheck {
    /** The most refusals of one type; the user sees further ones after mending these. */
    private static final int MOST_REFUSALS = 20;

    /** Types whose values all come back equal. {@code ComponentZooTest} tries their edge cases. */
    private static final Set<Class<?>> CERTAIN = Set.of(
            String.class,
            Character.class,
            Boolean.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            BigInteger.class,
            BigDecimal.class,
            UUID.class,
            URI.class,
            Currency.class,
            Instant.class,
            LocalDate.class,
            LocalTime.class,
            LocalDateTime.class,
            OffsetDateTime.class,
            OffsetTime.class,
            ZonedDateTime.class,
            Duration.class,
            Period.class,
            Year.class,
            YearMonth.class,
            MonthDay.class,
            ZoneId.class,
            ZoneOffset.class,
            OptionalInt.class,
            OptionalLong.class,
            OptionalDouble.class);

    /** Collections and maps that come back equal if their elements do. */
    private static final Set<Class<?>> CERTAIN_CONTAINERS = Set.of(
            List.class,
            ArrayList.class,
            LinkedList.class,
            Set.class,
            HashSet.class,
            LinkedHashSet.class,
            EnumSet.class,
            Map.class,
            HashMap.class,
            LinkedHashMap.class,
            EnumMap.class);

    /** Types of {@link #CERTAIN} of which Jackson cannot read every key that it writes. */
    private static final Set<Class<?>> NOT_AS_KEYS =
            Set.of(YearMonth.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

    private static final Set<Class<?>> OPTIONALS =
            Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

    private static final String A_MODULE = "StateFormat.json a module that knows it";
    private static final String A_RECORD = "Declare a record of what matters of it, or give " + A_MODULE;

    private final DeserializationContext reading;
    private final SerializationContext writing;
    private final List<Refusal> refusals = new ArrayList<>();
    private final Set<JavaType> visited = new HashSet<>();
    private boolean certain = true;

    private TypeCheck(JsonMapper mapper) {
        reading = mapper._deserializationContext();
        writing = mapper._serializationContext();
    }

    /** Checks a type that is stored as a whole. */
    static Result of(Class<?> type, JsonMapper mapper) {
        TypeCheck check = new TypeCheck(mapper);
        check.check(mapper.constructType(type), "");
        return new Result(check.certain && check.refusals.isEmpty(), List.copyOf(check.refusals));
    }

    private void check(JavaType type, String path) {
        if (refusals.size() == MOST_REFUSALS || !visited.add(type)) {
            return;
        }
        int before = refusals.size();
        try {
            checkKind(type, path);
        } catch (Exception e) {
            Thrown.restoreInterruption(e);
            tryParts(type, path);
            if (refusals.size() == before) {
                refuse(path, type, "Jackson cannot read it back: " + firstLine(e), A_RECORD);
            }
        }
        if (refusals.size() > before) {
            // So that each path that leads to it is named.
            visited.remove(type);
        }
    }

    private void tryParts(JavaType type, String path) {
        try {
            checkParts(type, path);
        } catch (Exception e) {
            // The first exception says what is wrong.
            Thrown.restoreInterruption(e);
        }
    }

    /** Checks the parts of a type that Jackson cannot read as a whole, to name the part that is the reason. */
    private void checkParts(JavaType type, String path) {
        if (type.isMapLikeType()) {
            checkKeys(type.getKeyType(), path + "[key]");
        }
        if (type.isContainerType()) {
            check(type.getContentType(), path + "[]");
        } else if (type.isReferenceType()) {
            check(type.getContentType(), path);
        } else if (!isOfTheJdk(type.getRawClass())) {
            for (BeanPropertyDefinition property :
                    reading.introspectBeanDescription(type).findProperties()) {
                check(property.getPrimaryType(), path + "." + property.getName());
            }
        }
    }

    private void checkKind(JavaType type, String path) {
        Class<?> raw = type.getRawClass();
        ValueDeserializer<?> reader = reading.findContextualValueDeserializer(type, null);
        if (isCustom(reader) || isCustom(writing.findValueSerializer(type))) {
            certain = false;
        } else if (raw.isPrimitive() || CERTAIN.contains(raw)) {
            return;
        } else if (raw == Object.class
                || raw == Number.class
                || raw == java.io.Serializable.class
                || raw == Comparable.class) {
            refuse(
                    path,
                    type,
                    "it does not say what is read back: of numbers a Long comes back as an Integer, and all else as a"
                            + " text, a list or a map",
                    "Declare the type of its values, or a sealed interface of records");
        } else if (raw == Class.class) {
            refuse(path, type, "nothing that is stored names a Java class", "Store an enum or a text");
        } else if (type.isReferenceType()) {
            checkReference(type, path);
        } else if (type.isMapLikeType()) {
            certain &= CERTAIN_CONTAINERS.contains(raw);
            checkKeys(type.getKeyType(), path + "[key]");
            checkElements(type.getContentType(), path + "[]");
        } else if (type.isCollectionLikeType()) {
            certain &= CERTAIN_CONTAINERS.contains(raw);
            checkElements(type.getContentType(), path + "[]");
        } else if (type.isArrayType()) {
            checkElements(type.getContentType(), path + "[]");
        } else if (raw.isEnum()) {
            certain &= !isAnnotated(type);
        } else {
            checkOther(type, path, reader);
        }
    }

    private void checkReference(JavaType type, String path) {
        JavaType content = type.getContentType();
        if (type.getRawClass() != Optional.class) {
            refuse(path, type, "it can change, and has no equals", "Declare an Optional");
        } else if (OPTIONALS.contains(content.getRawClass())) {
            refuse(path, type, "an Optional of an empty one comes back as an empty one", "Declare one Optional");
        } else {
            check(content, path);
        }
    }

    private void checkElements(JavaType element, String path) {
        // A null among them would come back as an empty one.
        certain &= !OPTIONALS.contains(element.getRawClass());
        check(element, path);
    }

    private void checkKeys(JavaType key, String path) {
        Class<?> raw = key.getRawClass();
        KeyDeserializer reader = keyReader(key);
        ValueSerializer<?> writer = writing.findKeySerializer(key, null);
        boolean known = CERTAIN.contains(raw) || raw.isEnum();
        if (known
                && reader != null
                && !isCustom(reader)
                && !isCustom(writer)
                && !NOT_AS_KEYS.contains(raw)
                && !isAnnotated(key)) {
            return;
        }
        certain = false;
        boolean both = reader != null && ((isCustom(reader) && isCustom(writer)) || isAnnotated(key));
        if (!known && (reader == null || !isOfTheJdk(raw)) && !both) {
            refuse(
                    path,
                    key,
                    "as a key of a map it is written as its toString",
                    "Declare a Map<String, ..>, a list of records, or annotate one component with @JsonValue and a"
                            + " factory with @JsonCreator");
        } else if (raw == Object.class) {
            refuse(path, key, "as a key of a map it comes back as a text", "Declare the type of the keys");
        }
    }

    private @Nullable KeyDeserializer keyReader(JavaType key) {
        try {
            return reading.findKeyDeserializer(key, null);
        } catch (DatabindException e) {
            // That is how Jackson says that there is none.
            return null;
        }
    }

    private void checkOther(JavaType type, String path, ValueDeserializer<?> reader) {
        Class<?> raw = type.getRawClass();
        TypeDeserializer subtypes = reading.findTypeDeserializer(type);
        if (subtypes != null && namesClasses(subtypes)) {
            refuse(
                    path,
                    type,
                    "its @JsonTypeInfo stores names of Java classes",
                    "Use JsonTypeInfo.Id.NAME, and a sealed interface or @JsonSubTypes");
        } else if (subtypes != null && type.isAbstract()) {
            certain = false;
            if (raw.isSealed()) {
                Stream.of(raw.getPermittedSubclasses())
                        .forEach(permitted -> check(reading.constructSpecializedType(type, permitted), path));
            }
        } else if (reader instanceof AbstractDeserializer) {
            refuse(
                    path,
                    type,
                    "nothing that is stored says which of its classes to make",
                    raw.isSealed()
                            ? "Annotate it with @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)"
                            : "Seal it and annotate it with @JsonTypeInfo(use = JsonTypeInfo.Id.NAME), or give "
                                    + A_MODULE);
        } else if (reader instanceof BeanDeserializerBase bean) {
            checkBean(type, path, bean);
        } else if (isOfTheJdk(raw) && !DeepEquality.canCompare(raw)) {
            refuse(
                    path,
                    type,
                    "it has no equals, so that nobody can tell what came back",
                    "Declare a record or a text");
        } else {
            certain = false;
        }
    }

    private static boolean namesClasses(TypeDeserializer subtypes) {
        if (subtypes instanceof AsDeductionTypeDeserializer) {
            // It stores nothing, although its resolver says that it does.
            return false;
        }
        JsonTypeInfo.Id mechanism = subtypes.getTypeIdResolver() == null
                ? JsonTypeInfo.Id.NONE
                : subtypes.getTypeIdResolver().getMechanism();
        return mechanism == JsonTypeInfo.Id.CLASS || mechanism == JsonTypeInfo.Id.MINIMAL_CLASS;
    }

    private void checkBean(JavaType type, String path, BeanDeserializerBase reader) {
        Class<?> raw = type.getRawClass();
        if (isOfTheJdk(raw)) {
            refuse(
                    path,
                    type,
                    "Jackson sees the fields of a class of the JDK, and does not know what they mean",
                    A_RECORD);
            return;
        }
        ValueInstantiator creators = reader.getValueInstantiator();
        boolean fromObject = creators.canCreateUsingDefault()
                || creators.canCreateFromObjectWith()
                || creators.canCreateUsingDelegate()
                || creators.canCreateUsingArrayDelegate();
        // What @JsonValue writes may be a text, which any creator may take.
        if (!fromObject && !(creators.canInstantiate() && isAnnotated(type))) {
            refuse(path, type, "it has no constructor or factory that Jackson can call", A_RECORD);
            return;
        }
        List<SettableBeanProperty> properties = listed(reader.properties());
        certain &= raw.isRecord()
                && !isAnnotated(type)
                && properties.size() == raw.getRecordComponents().length
                && writesAll(type, properties);
        for (SettableBeanProperty property : properties) {
            boolean custom = isCustom(property.getValueDeserializer()) || hasMoreThanAName(property.getMember());
            certain &= !custom;
            if (!custom) {
                check(property.getType(), path + "." + property.getName());
            }
        }
    }

    private boolean writesAll(JavaType type, List<SettableBeanProperty> read) {
        return writing.findValueSerializer(type) instanceof BeanSerializerBase writer
                && listed(writer.properties()).stream()
                        .filter(property -> !isCustom(property))
                        .map(property -> property.getName())
                        .toList()
                        .containsAll(
                                read.stream().map(SettableBeanProperty::getName).toList());
    }

    private static <T> List<T> listed(Iterator<T> all) {
        Iterable<T> iterable = () -> all;
        return StreamSupport.stream(iterable.spliterator(), false).toList();
    }

    /** Whether a reader or writer is neither Jackson's own nor ours, so that only its values tell what it does. */
    private static boolean isCustom(Object handler) {
        String name = handler.getClass().getName();
        return !name.startsWith("tools.jackson.databind.") && !name.startsWith("dev.eventsourcing.persistence.json.");
    }

    private static boolean isOfTheJdk(Class<?> type) {
        String module = type.getModule().getName();
        return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
    }

    private static boolean hasMoreThanAName(Annotated member) {
        return member.annotations()
                .anyMatch(annotation -> isOfJackson(annotation) && !(annotation instanceof JsonProperty));
    }

    private boolean isAnnotated(JavaType type) {
        AnnotatedClass annotated = reading.introspectClassAnnotations(type);
        return Stream.of(
                        Stream.of(annotated),
                        StreamSupport.stream(annotated.fields().spliterator(), false),
                        StreamSupport.stream(annotated.memberMethods().spliterator(), false),
                        annotated.getConstructors().stream().flatMap(TypeCheck::withParameters),
                        annotated.getFactoryMethods().stream().flatMap(TypeCheck::withParameters))
                .flatMap(part -> part)
                .flatMap(Annotated::annotations)
                .anyMatch(TypeCheck::isOfJackson);
    }

    private static Stream<Annotated> withParameters(AnnotatedWithParams creator) {
        Stream.Builder<Annotated> all = Stream.builder();
        all.add(creator);
        for (int i = 0; i < creator.getParameterCount(); i++) {
            all.add(creator.getParameter(i));
        }
        return all.build();
    }

    private static boolean isOfJackson(Annotation annotation) {
        String name = annotation.annotationType().getName();
        return name.startsWith("com.fasterxml.jackson.")
                || name.startsWith("tools.jackson.")
                || annotation.annotationType().isAnnotationPresent(JacksonAnnotationsInside.class);
    }

    private void refuse(String path, JavaType type, String reason, String cure) {
        refusals.add(new Refusal(path, type.toCanonical(), reason, cure));
    }

    private static String firstLine(Exception e) {
        return Thrown.message(e).lines().findFirst().orElse("");
    }

    /**
     * What is known of a type.
     *
     * @param certain whether each value comes back equal, so that none needs a check
     * @param refusals the parts whose values do not, or not always; empty if there are none
     */
    public record Result(boolean certain, List<Refusal> refusals) {}

    /**
     * A part of a type that cannot be stored as it is declared.
     *
     * @param path the components that lead there, each with a dot in front; {@code []} stands for the elements of a collection,
     *     {@code [key]} for the keys of a map
     * @param type how it is declared
     * @param reason why it would not come back
     * @param cure what to declare in its place
     */
    public record Refusal(String path, String type, String reason, String cure) {}
}
