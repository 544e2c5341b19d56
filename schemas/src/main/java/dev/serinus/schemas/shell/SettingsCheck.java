package dev.serinus.schemas.shell;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.exceptions.BeanContextException;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.convert.ConversionContext;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.type.Argument;
import io.micronaut.inject.BeanDefinition;
import io.micronaut.inject.qualifiers.Qualifiers;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Refuses a start with settings that cannot be read or used, all of them at once. Where a value
 * cannot be read the framework takes the default without a word, and nobody knows what holds.
 */
@Context
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SettingsCheck {

    private static final String PORT = "micronaut.server.port";
    private static final String OWN = "dev.serinus.";
    private static final int LONGEST = 64;

    /** The framework takes for false whatever it does not take for true. */
    private static final Set<String> FALSE = Set.of("false", "no", "n", "off", "0");

    SettingsCheck(ApplicationContext context) {
        Collection<BeanDefinition<?>> settings =
                context
                        .getBeanDefinitions(Qualifiers.byStereotype(ConfigurationProperties.class))
                        .stream()
                        .filter(each -> each.getBeanType().getName().startsWith(OWN))
                        .toList();
        Set<String> problems = new TreeSet<>();
        settings.stream()
                .flatMap(each -> Arrays.stream(each.getConstructor().getArguments()))
                .forEach(argument -> unreadable(context, argument).ifPresent(problems::add));
        problem(context, PORT, Argument.of(Integer.class)).ifPresent(problems::add);
        context.getBeanDefinitions(CheckedSettings.class).stream()
                .flatMap(each -> unusable(context, each))
                .forEach(problems::add);
        if (!problems.isEmpty()) {
            throw new ConfigurationException(String.join("; ", problems));
        }
    }

    private static Optional<String> unreadable(ApplicationContext context, Argument<?> argument) {
        return argument.getAnnotationMetadata()
                .stringValue(Property.class, "name")
                .flatMap(name -> problem(context, name, argument));
    }

    private static Optional<String> problem(
            ApplicationContext context, String name, Argument<?> argument) {
        String written = context.getProperty(name, String.class).orElse("");
        // An empty variable is how charts say nothing.
        return written.isBlank() || isReadable(context, name, argument, written)
                ? Optional.empty()
                : Optional.of(
                        "%s has to be %s, was '%s'"
                                .formatted(
                                        variable(name),
                                        wanted(argument.getType()),
                                        shown(written)));
    }

    private static boolean isReadable(
            ApplicationContext context, String name, Argument<?> argument, String written) {
        if (argument.getType() == boolean.class || argument.getType() == Boolean.class) {
            return context.getProperty(name, Boolean.class).orElse(false)
                    || FALSE.contains(written.strip().toLowerCase(Locale.ROOT));
        }
        var reading = ConversionContext.of(argument);
        return context.getProperty(name, reading).isPresent() || !reading.hasErrors();
    }

    /** What cannot be made yet, as for want of a value, is told by whoever needs it. */
    private static Stream<String> unusable(
            ApplicationContext context, BeanDefinition<CheckedSettings> settings) {
        try {
            return context.getBean(settings).problems().stream();
        } catch (BeanContextException incomplete) {
            return Stream.empty();
        }
    }

    private static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private static String wanted(Class<?> type) {
        if (type == Duration.class) {
            return "a duration such as 30s, 10m or 1h";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        return type == int.class || type == Integer.class
                ? "a whole number"
                : "a " + type.getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String shown(String written) {
        String text = written.replaceAll("\\p{Cntrl}+", " ");
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
