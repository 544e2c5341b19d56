package dev.serinus.schemas.shell;

import dev.serinus.schemas.canary.Durations;

import io.micronaut.core.convert.ConversionContext;
import io.micronaut.core.convert.ConversionService;
import io.micronaut.core.convert.TypeConverter;

import jakarta.inject.Singleton;

import java.time.Duration;
import java.util.Optional;

/**
 * Durations of settings, as flags and manifests write them ({@code 1m30s}, {@code 1.5h}); else as
 * the framework reads them ({@code 1d}, {@code PT30S}).
 */
@Singleton
final class DurationSettings implements TypeConverter<CharSequence, Duration> {

    @Override
    public Optional<Duration> convert(
            CharSequence written, Class<Duration> type, ConversionContext context) {
        return Durations.parse(written.toString())
                .or(() -> ConversionService.SHARED.convert(written, type, context));
    }
}
