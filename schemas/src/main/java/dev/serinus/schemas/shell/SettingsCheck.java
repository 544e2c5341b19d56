package dev.serinus.schemas.shell;

import dev.serinus.schemas.canary.Durations;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private static final Pattern PROPERTY =
            Pattern.compile(
                    "(?<![/\\w.-])(serinus|slack|msteams|event-webhook)(\\.[a-z][a-z0-9-]*)+");
    private static final Pattern ISO_DURATION =
            Pattern.compile("\\bPT(?=\\d)(\\d+H)?(\\d+M)?(\\d+(\\.\\d+)?S)?\\b");

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
        Stream.concat(settings.stream(), context.getBeanDefinitions(CheckedSettings.class).stream())
                .distinct()
                .flatMap(each -> unusable(context, each))
                .map(SettingsCheck::asWritten)
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
            return YesOrNo.read(written).isPresent();
        }
        var reading = ConversionContext.of(argument);
        return context.getProperty(name, reading).isPresent() || !reading.hasErrors();
    }

    /**
     * What settings say of themselves, and what those say that refuse to be made. What cannot be
     * made yet, as for want of a value, is told by whoever needs it.
     */
    private static Stream<String> unusable(ApplicationContext context, BeanDefinition<?> settings) {
        try {
            return context.getBean(settings) instanceof CheckedSettings checked
                    ? checked.problems().stream()
                    : Stream.empty();
        } catch (BeanContextException unmade) {
            return refusal(unmade);
        }
    }

    /** Their own words: an exception of somebody else's may quote what was written. */
    private static Stream<String> refusal(Throwable unmade) {
        for (Throwable cause = unmade.getCause(); cause != null; cause = cause.getCause()) {
            boolean ours =
                    cause.getStackTrace().length > 0
                            && cause.getStackTrace()[0].getClassName().startsWith(OWN);
            if (ours && cause instanceof IllegalArgumentException) {
                return Stream.of(String.valueOf(cause.getMessage()).split("; "));
            }
        }
        return Stream.empty();
    }

    /** One name for each setting, its variable's, and durations as people write them. */
    private static String asWritten(String problem) {
        String named =
                PROPERTY.matcher(problem)
                        .replaceAll(found -> Matcher.quoteReplacement(variable(found.group())));
        return ISO_DURATION
                .matcher(named)
                .replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        Durations.print(Duration.parse(found.group()))));
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

    static String shown(String written) {
        String text = written.replaceAll("\\p{Cntrl}+", " ");
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
