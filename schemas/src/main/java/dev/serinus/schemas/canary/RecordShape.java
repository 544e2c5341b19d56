package dev.serinus.schemas.canary;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.stream.Stream;

/**
 * What there is to know of a record to make one from JSON; looked up once, for looking it up costs
 * a millisecond.
 */
record RecordShape(List<Part> parts, Constructor<?> constructor) {
    private static final ClassValue<RecordShape> SHAPES =
            new ClassValue<>() {
                @Override
                protected RecordShape computeValue(Class<?> type) {
                    return examined(type);
                }
            };

    /**
     * One component.
     *
     * @param absent what stands for it when it is absent: 0 for a number that must be there, as in
     *     Flagger, where the rules judge whether 0 will do
     */
    record Part(String name, Type type, boolean required, @Nullable Object absent) {
        static Part of(RecordComponent component) {
            var zero =
                    component.getType() == int.class
                            ? (Object) 0
                            : component.getType() == long.class ? 0L : null;
            return new Part(
                    component.getName(),
                    component.getGenericType(),
                    zero == null
                            && !component.getAnnotatedType().isAnnotationPresent(Nullable.class),
                    zero);
        }
    }

    static RecordShape of(Class<? extends Record> type) {
        return SHAPES.get(type);
    }

    Object create(Object[] values) {
        try {
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(
                    constructor + " belongs to a public record of this package", impossible);
        }
    }

    private static RecordShape examined(Class<?> type) {
        var components = type.getRecordComponents();
        var types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return new RecordShape(
                    Stream.of(components).map(Part::of).toList(),
                    type.getDeclaredConstructor(types));
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(
                    "every record has its canonical constructor", impossible);
        }
    }
}
