package dev.serinus.analysis;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes records of any type with every component set, and all the records that differ from one in a
 * single leaf: so that a test can show that no field is forgotten, also none that is added later.
 */
public final class Samples {

    private final Random random;
    private final boolean withNulls;

    /**
     * @param withNulls whether nullable components are sometimes absent
     */
    public Samples(long seed, boolean withNulls) {
        random = new Random(seed);
        this.withNulls = withNulls;
    }

    public <T> T of(Class<T> type) {
        return type.cast(make(type));
    }

    private Object make(Type type) {
        return switch (type) {
            case ParameterizedType list when list.getRawType() == List.class ->
                    Stream.generate(() -> make(list.getActualTypeArguments()[0])).limit(2).toList();
            case ParameterizedType map when map.getRawType() == Map.class ->
                    Stream.generate(this::text)
                            .limit(2)
                            .collect(entries(map.getActualTypeArguments()[1]));
            case Class<?> plain -> make(plain);
            default -> throw new IllegalArgumentException("no sample of " + type);
        };
    }

    private Object make(Class<?> type) {
        if (type == String.class) {
            return text();
        } else if (type == int.class || type == Integer.class) {
            return 1 + random.nextInt(99);
        } else if (type == long.class || type == Long.class) {
            return 1L + random.nextInt(1_000_000);
        } else if (type == boolean.class || type == Boolean.class) {
            return random.nextBoolean();
        } else if (type == double.class || type == Double.class) {
            // Also a probability.
            return (1 + random.nextDouble()) / 5;
        } else if (type == Instant.class) {
            return Instant.ofEpochMilli(1_700_000_000_000L + random.nextInt());
        } else if (type == Duration.class) {
            return Duration.ofMillis(1 + random.nextInt(1_000_000));
        } else if (type.isEnum()) {
            return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
        } else if (type.isSealed()) {
            Class<?>[] cases = type.getPermittedSubclasses();
            return make(cases[random.nextInt(cases.length)]);
        } else if (type.isRecord()) {
            return build(
                    type,
                    Arrays.stream(type.getRecordComponents())
                            .map(
                                    each ->
                                            withNulls && isNullable(each) && random.nextInt(3) == 0
                                                    ? null
                                                    : make(each.getGenericType()))
                            .toArray());
        }
        throw new IllegalArgumentException("no sample of " + type);
    }

    /** Every record that differs from this one in one leaf, by the leaf's path. */
    public static Map<String, Object> variants(Object record) {
        Map<String, Object> variants = new LinkedHashMap<>();
        RecordComponent[] components = record.getClass().getRecordComponents();
        for (int place = 0; place < components.length; place++) {
            Object[] values = Arrays.stream(components).map(each -> read(each, record)).toArray();
            Object value = values[place];
            String name = components[place].getName();
            int changed = place;
            others(value)
                    .forEach(
                            (path, other) -> {
                                values[changed] = other;
                                variants.put(name + path, build(record.getClass(), values));
                            });
        }
        return variants;
    }

    private static Map<String, Object> others(@Nullable Object value) {
        return switch (value) {
            case null -> Map.of();
            case Record inner -> {
                Map<String, Object> others = new LinkedHashMap<>();
                variants(inner).forEach((path, other) -> others.put("." + path, other));
                yield others;
            }
            case List<?> list -> {
                Map<String, Object> others = new LinkedHashMap<>();
                others(list.getFirst())
                        .forEach(
                                (path, other) -> {
                                    List<Object> copy = new ArrayList<>(list);
                                    copy.set(0, other);
                                    others.put("[]" + path, copy);
                                });
                yield others;
            }
            case Map<?, ?> map -> {
                Map<Object, Object> copy = new TreeMap<>(map);
                copy.put("another", map.values().iterator().next());
                yield Map.of("", copy);
            }
            case String text -> Map.of("", text + "x");
            case Integer number -> Map.of("", number == 100 ? 0 : number + 1);
            case Long number -> Map.of("", number + 1);
            case Boolean bool -> Map.of("", !bool);
            case Double number -> Map.of("", number / 2);
            case Instant at -> Map.of("", at.plusMillis(1));
            case Duration time -> Map.of("", time.plusMillis(1));
            case Enum<?> constant -> {
                List<?> all = List.of(constant.getDeclaringClass().getEnumConstants());
                yield Map.of("", all.get((all.indexOf(constant) + 1) % all.size()));
            }
            default -> throw new IllegalArgumentException("no other " + value.getClass());
        };
    }

    private static boolean isNullable(RecordComponent component) {
        AnnotatedType type = component.getAnnotatedType();
        return type.isAnnotationPresent(Nullable.class);
    }

    private static Object read(RecordComponent component, Object record) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError("no value of " + component, impossible);
        }
    }

    private static Object build(Class<?> type, Object[] values) {
        try {
            Class<?>[] types =
                    Arrays.stream(type.getRecordComponents())
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return Objects.requireNonNull(constructor.newInstance(values));
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError(type + ": " + impossible.getCause(), impossible);
        }
    }

    private Collector<String, ?, Map<String, Object>> entries(Type of) {
        return Collectors.toMap(key -> key, _ -> make(of), (_, last) -> last, TreeMap::new);
    }

    private String text() {
        return random.ints(6, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
