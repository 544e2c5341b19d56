package dev.serinus.watcher.metrics.provider;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the installation is at AWS, as {@code AWS_REGION} of its process says, or {@code
 * AWS_DEFAULT_REGION}; else the partition of its role; else AWS's commercial one. Partitions have
 * no identities in common, and some are run by other companies, so that who the installation is
 * shows itself to its own alone.
 *
 * @param region null where none is named
 * @param partition as names of AWS's resources have it
 */
record AwsHome(@Nullable AwsRegion region, String partition) {

    private static final Pattern ROLE = Pattern.compile("arn:(aws[a-z-]{0,20}):.*");

    /** Read from the variables of the process; one that cannot be right is told by its name. */
    static AwsHome of(Map<String, String> environment) throws WrongSettings {
        for (String name : new String[] {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
            Optional<String> named = variable(environment, name);
            if (named.isPresent()) {
                AwsRegion region = named(named.get(), name);
                return new AwsHome(region, region.partition());
            }
        }
        Matcher role = ROLE.matcher(variable(environment, "AWS_ROLE_ARN").orElse(""));
        return new AwsHome(null, role.matches() ? role.group(1) : AwsRegion.AWS);
    }

    private static AwsRegion named(String written, String variable) throws WrongSettings {
        try {
            return AwsRegion.of(written);
        } catch (WrongSettings _) {
            throw new WrongSettings(
                    "%s of the watcher is no region of AWS such as eu-west-1".formatted(variable));
        }
    }

    static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
    }

    /**
     * Refuses a region to which the installation's identity is nothing.
     *
     * @param path of the field that names it
     */
    void check(AwsRegion asked, String path) throws WrongSettings {
        if (!asked.partition().equals(partition)) {
            throw new WrongSettings(
                    "%s: %s is in the partition %s of AWS, and the installation's own identity is of %s and shown nowhere else: name a region of that, or give the watcher AWS_REGION and an identity of %s"
                            .formatted(
                                    path, asked, asked.partition(), partition, asked.partition()));
        }
    }

    /** Where a role is got: in the installation's region, which a template has no say in. */
    String tokens() throws NoCredentials {
        if (region != null) {
            return region.host("sts");
        }
        if (partition.equals(AwsRegion.AWS)) {
            return "sts.amazonaws.com";
        }
        throw new NoCredentials(
                "AWS_REGION of the watcher is not set, and AWS_ROLE_ARN is of the partition "
                        + partition);
    }
}
