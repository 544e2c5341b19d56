package dev.serinus.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.Set;

/** A switch's value as Go's flags take it, so that what starts Flagger starts Serinus. */
final class GoBoolean implements ITypeConverter<Boolean> {

    private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

    @Override
    public Boolean convert(String value) {
        if (TRUE.contains(value)) {
            return true;
        }
        if (FALSE.contains(value)) {
            return false;
        }
        throw new TypeConversionException("'%s' is not true or false".formatted(value));
    }
}
