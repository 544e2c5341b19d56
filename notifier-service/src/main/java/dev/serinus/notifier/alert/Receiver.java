package dev.serinus.notifier.alert;

import dev.serinus.notifier.chat.Destination;

/**
 * One who is told.
 *
 * @param place of the entry in spec.analysis.alerts
 * @param alert name of the entry in spec.analysis.alerts
 * @param name by which it is known in what is kept: two entries may lead to one provider
 * @param provider whose trouble stays open, by NAME.NAMESPACE
 * @param wanted the entry wants messages this loud
 * @param gathers what is no error is told by a digest
 */
record Receiver(
        int place,
        String alert,
        String name,
        String provider,
        Destination destination,
        boolean wanted,
        boolean gathers) {

    static Receiver of(
            int place, AlertRule rule, Destination destination, boolean wanted, boolean gathers) {
        return new Receiver(
                place,
                rule.name(),
                nameOf(rule),
                rule.providerName() + "." + rule.providerNamespace(),
                destination,
                wanted,
                gathers);
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
                false);
    }
}
