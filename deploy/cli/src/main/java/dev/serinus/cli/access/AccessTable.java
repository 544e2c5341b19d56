package dev.serinus.cli.access;

import static org.apache.kafka.common.acl.AclOperation.ALTER_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.resource.PatternType.LITERAL;
import static org.apache.kafka.common.resource.PatternType.PREFIXED;
import static org.apache.kafka.common.resource.ResourceType.GROUP;
import static org.apache.kafka.common.resource.ResourceType.TOPIC;
import static org.apache.kafka.common.resource.ResourceType.TRANSACTIONAL_ID;

import dev.serinus.analysis.letter.ReplayRule;
import dev.serinus.schemas.topic.Service;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All that the accounts of a hub and its clusters may do at Kafka, and nothing else: made from who
 * writes and reads each {@link TopicKind}, and from what the API does for people.
 *
 * @param clusters whose topics there are
 * @param accounts how many accounts the services have
 * @param application what the analysis is called at Kafka
 * @param subscribers accounts of others, which read what is public, in groups named after them
 * @param provisioners accounts that make topics, and may do nothing with what is in them
 * @param principal how Kafka spells an account, with {@code {}} for its name
 */
public record AccessTable(
        List<String> clusters,
        Accounts accounts,
        String application,
        List<String> subscribers,
        List<String> provisioners,
        String principal) {

    /** The name of an account within the spelling of its principal. */
    public static final String NAME = "{}";

    /** What all topics but those in which the analysis keeps its state begin with. */
    private static final String ALL_TOPICS = "serinus.";

    public AccessTable {
        clusters = List.copyOf(clusters);
        subscribers = List.copyOf(subscribers);
        provisioners = List.copyOf(provisioners);
    }

    /** How Kafka spells this account. */
    public String principal(String account) {
        return principal.replace(NAME, account);
    }

    /** One line for each account and resource, in order. */
    public List<Grant> grants() {
        return merged(
                Stream.of(services(), subscriptions(), provisioning())
                        .flatMap(List::stream)
                        .toList());
    }

    /** The same as Kafka keeps it. */
    public List<AclBinding> bindings() {
        return grants().stream()
                .flatMap(grant -> grant.bindings(principal(grant.account())).stream())
                .toList();
    }

    /** Those of services and subscribers: whoever else may do something there is a surprise. */
    List<AclBinding> guarded() {
        return merged(Stream.concat(services().stream(), subscriptions().stream()).toList())
                .stream()
                .flatMap(grant -> grant.bindings(principal(grant.account())).stream())
                .toList();
    }

    private List<Grant> services() {
        List<Grant> all = new ArrayList<>();
        String analysis = accounts.name(Service.ANALYSIS, "");
        all.add(Grant.of(analysis, GROUP, LITERAL, application, READ, DESCRIBE));
        String own = application + "-";
        all.add(Grant.of(analysis, TRANSACTIONAL_ID, PREFIXED, own, WRITE, DESCRIBE));
        // The topics in which Streams keeps its state, and which it makes by itself.
        all.add(Grant.of(analysis, TOPIC, PREFIXED, own, CREATE, READ, WRITE, DESCRIBE));
        for (TopicKind kind : TopicKind.values()) {
            for (String cluster : kind.owners(clusters)) {
                all.addAll(of(kind, cluster));
            }
        }
        return all;
    }

    private List<Grant> of(TopicKind kind, String cluster) {
        List<Grant> all = new ArrayList<>();
        String topic = kind.name(cluster);
        for (Service service : kind.writers()) {
            all.add(
                    Grant.of(
                            accounts.name(service, cluster),
                            TOPIC,
                            LITERAL,
                            topic,
                            WRITE,
                            DESCRIBE));
        }
        for (Service service : kind.readers()) {
            String account = accounts.name(service, cluster);
            all.add(Grant.of(account, TOPIC, LITERAL, topic, READ, DESCRIBE));
            if (kind.isInput()) {
                // It says so where a record may unpack to any size.
                all.add(Grant.of(account, TOPIC, LITERAL, topic, DESCRIBE_CONFIGS));
            }
            if (service != Service.ANALYSIS && kind.isShared()) {
                all.add(
                        Grant.of(
                                account,
                                GROUP,
                                LITERAL,
                                service.group(cluster, kind),
                                READ,
                                DESCRIBE));
                service.eventsGroup(cluster, kind)
                        .map(it -> Grant.of(account, GROUP, LITERAL, it, READ, DESCRIBE))
                        .ifPresent(all::add);
            }
        }
        all.addAll(forPeople(kind, topic));
        return all;
    }

    /** What the API of the analysis does when somebody asks, and nothing else of it does. */
    private List<Grant> forPeople(TopicKind kind, String topic) {
        String analysis = accounts.name(Service.ANALYSIS, "");
        List<Grant> all = new ArrayList<>();
        if (kind == TopicKind.DEAD_LETTERS
                || kind == TopicKind.ALERT_RESULTS
                || kind == TopicKind.AUDIT
                || kind == TopicKind.GATES
                // Whether a later record is about the same canary has to be looked at.
                || ReplayRule.of(kind) == ReplayRule.WHILE_NEWEST) {
            all.add(Grant.of(analysis, TOPIC, LITERAL, topic, READ, DESCRIBE));
        }
        if (ReplayRule.of(kind).isEverMet() || kind == TopicKind.GATES) {
            all.add(Grant.of(analysis, TOPIC, LITERAL, topic, WRITE, DESCRIBE));
        }
        return all;
    }

    private List<Grant> subscriptions() {
        List<Grant> all = new ArrayList<>();
        for (String subscriber : subscribers) {
            Stream.of(TopicKind.values())
                    .filter(TopicKind::isPublic)
                    .map(kind -> kind.name(""))
                    .map(topic -> Grant.of(subscriber, TOPIC, LITERAL, topic, READ, DESCRIBE))
                    .forEach(all::add);
            all.add(Grant.of(subscriber, GROUP, LITERAL, subscriber, READ, DESCRIBE));
            all.add(Grant.of(subscriber, GROUP, PREFIXED, subscriber + ".", READ, DESCRIBE));
        }
        return all;
    }

    private List<Grant> provisioning() {
        return provisioners.stream()
                .map(
                        account ->
                                Grant.of(
                                        account,
                                        TOPIC,
                                        PREFIXED,
                                        ALL_TOPICS,
                                        CREATE,
                                        DESCRIBE,
                                        DESCRIBE_CONFIGS,
                                        ALTER_CONFIGS))
                .toList();
    }

    /** What is said of one account and resource in several lines, in one. */
    private static List<Grant> merged(List<Grant> grants) {
        Map<Grant, Set<AclOperation>> all = new TreeMap<>(Grant.ORDER);
        grants.forEach(
                grant ->
                        all.computeIfAbsent(grant, _ -> EnumSet.noneOf(AclOperation.class))
                                .addAll(grant.operations()));
        return all.entrySet().stream().map(each -> each.getKey().with(each.getValue())).toList();
    }
}
