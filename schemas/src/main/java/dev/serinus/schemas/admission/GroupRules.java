package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.given;
import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.canary.CanarySpec;
import dev.serinus.schemas.canary.ObjectNames;
import dev.serinus.schemas.events.GateTimeout;
import dev.serinus.schemas.events.GroupMember;
import dev.serinus.schemas.events.ReleaseGroup;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/** Rules for Canaries that are promoted together or not at all. */
final class GroupRules {

    private static final String PATH = "spec.group";
    private static final int MOST = 16;

    /** Nobody waits for ever: a member may be missing, or never get ready. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(24);

    private GroupRules() {}

    static void check(Subject subject, Findings findings) {
        var group = subject.spec().group();
        if (group == null) {
            return;
        }
        String name = Objects.requireNonNullElse(group.name(), "");
        findings.when(
                !ObjectNames.isNamespace(name),
                PATH + ".name",
                "must be lower case letters, digits and '-', at most 63, was " + name);
        RunRules.limit(
                group.timeout(),
                // The default time has an end as well.
                given(group.timeout()) ? group.onTimeout() : null,
                PATH + ".timeout",
                PATH + ".onTimeout",
                findings);
        if (!given(group.timeout())) {
            findings.unlessOneOf(RunRules.ON_TIMEOUT, group.onTimeout(), PATH + ".onTimeout");
        }
        members(subject, list(group.members()), findings);
    }

    private static void members(
            Subject subject, List<CanarySpec.Member> members, Findings findings) {
        String path = PATH + ".members";
        findings.when(
                members.size() > MOST,
                path,
                "must have at most %d entries, has %d".formatted(MOST, members.size()));
        findings.when(
                others(subject, members).isEmpty(),
                path,
                "names no other Canary, so that it has no effect; name those that are promoted"
                        + " with this one");
        var named = new HashSet<NamedCanary>();
        var before = WaveRules.named(subject);
        for (int at = 0; at < Math.min(members.size(), MOST); at++) {
            var one = members.get(at);
            String of = "%s[%d]".formatted(path, at);
            var canary = named(subject, one);
            NamedCanary.names(one.cluster(), one.namespace(), one.name(), of, findings);
            findings.when(!named.add(canary), of, "names the same Canary as an entry before it");
            findings.when(
                    before.contains(canary),
                    of,
                    "is in spec.after as well: each would wait for the other's promotion; take it"
                            + " out of one of them");
            findings.when(
                    subject.forbids(one.namespace()),
                    of + ".namespace",
                    "is another namespace, which this installation forbids"
                            + " (no-cross-namespace-refs); name a Canary of namespace "
                            + subject.namespace());
        }
    }

    private static List<CanarySpec.Member> others(
            Subject subject, List<CanarySpec.Member> members) {
        return members.stream()
                .filter(one -> !named(subject, one).equals(NamedCanary.own(subject)))
                .toList();
    }

    private static NamedCanary named(Subject subject, CanarySpec.Member one) {
        return NamedCanary.of(subject, one.cluster(), one.namespace(), one.name());
    }

    /** The group of an admitted Canary; null for none. */
    static @Nullable ReleaseGroup of(Subject subject) {
        var group = subject.spec().group();
        if (group == null) {
            return null;
        }
        var limit = RunRules.limit(group.timeout(), group.onTimeout());
        var then = RunRules.then(group.onTimeout());
        return new ReleaseGroup(
                group.name(),
                others(subject, list(group.members())).stream().map(GroupRules::member).toList(),
                limit == null ? new GateTimeout(LONGEST_WAIT.toMillis(), then) : limit);
    }

    private static GroupMember member(CanarySpec.Member one) {
        return new GroupMember(
                given(one.cluster()) ? one.cluster() : null,
                given(one.namespace()) ? one.namespace() : null,
                one.name());
    }
}
