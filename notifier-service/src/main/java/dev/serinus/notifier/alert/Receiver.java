package dev.serinus.notifier.alert;

import dev.serinus.notifier.chat.Destination;
import dev.serinus.notifier.chat.Digest;

import org.jspecify.annotations.Nullable;

/**
 * One who is told.
 *
 * @param place of the entry in spec.analysis.alerts
 * @param alert name of the entry in spec.analysis.alerts
 * @param name by which it is known in what is kept: two entries may lead to one provider
 * @param provider whose trouble stays open, by NAME.NAMESPACE
 * @param wanted the entry wants messages this loud
 * @param gathers what is no error is told by a digest
 * @param rule the entry; null for the installation's own
 * @param unusable why nothing can be sent there now; null where it can
 */
record Receiver(
        int place,
        String alert,
        String name,
        String provider,
        Destination destination,
        boolean wanted,
        boolean gathers,
        @Nullable AlertRule rule,
        Providers.Found.@Nullable Unusable unusable) {

    /** One that an entry names, as its provider was found. */
    static Receiver of(int place, AlertRule rule, Providers.Found found, boolean wanted) {
        return switch (found) {
            case Providers.Found.Usable(Destination destination, var digest) ->
                    of(place, rule, destination, wanted, digest != null, null);
            case Providers.Found.Unusable unusable -> {
                Provider provider = unusable.provider();
                boolean gathers = provider != null && Digest.every(provider.digest()).isPresent();
                yield of(place, rule, Providers.withoutSecret(provider), wanted, gathers, unusable);
            }
        };
    }

    private static Receiver of(
            int place,
            AlertRule rule,
            Destination destination,
            boolean wanted,
            boolean gathers,
            Providers.Found.@Nullable Unusable unusable) {
        return new Receiver(
                place,
                rule.name(),
                nameOf(rule),
                rule.providerName() + "." + rule.providerNamespace(),
                destination,
                wanted,
                gathers,
                rule,
                unusable);
    }

    /** True where nobody could see of what type it is. */
    boolean isUnknown() {
        return unusable != null && unusable.provider() == null;
    }

    /** The name by which an entry's receiver is known in what is kept. */
    static String nameOf(AlertRule rule) {
        return rule.name() + "/" + rule.providerNamespace() + "/" + rule.providerName();
    }

    /** The installation's own. */
    static Receiver global(Destination destination) {
        return new Receiver(
                0,
                "of the installation (" + destination.type() + ")",
                "global",
                "global",
                destination,
                true,
                false,
                null,
                null);
    }
}
