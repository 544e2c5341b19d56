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
 */
record Receiver(
        int place,
        String alert,
        String name,
        String provider,
        Destination destination,
        boolean wanted) {

    static Receiver of(int place, AlertRule rule, Destination destination, boolean wanted) {
        return new Receiver(
                place,
                rule.name(),
                nameOf(rule),
                rule.providerName() + "." + rule.providerNamespace(),
                destination,
                wanted);
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
                true);
    }
}
