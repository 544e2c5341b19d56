package dev.serinus.watcher.metrics.provider;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A region of AWS, and the domain of the partition that it belongs to. */
final class AwsRegion {

    private static final Pattern NAME = Pattern.compile("[a-z]{2,4}(?:-[a-z]++)++-\\d{1,2}");
    private static final int LONGEST = 32;
    private static final String COMMERCIAL = "amazonaws.com";

    /** By the begin of a region's name; regionRegex and dnsSuffix of AWS's partitions.json. */
    private static final Map<String, String> DOMAINS =
            Map.of(
                    "cn-", "amazonaws.com.cn",
                    "eusc-", "amazonaws.eu",
                    "us-iso-", "c2s.ic.gov",
                    "us-isob-", "sc2s.sgov.gov",
                    "us-isof-", "csp.hci.ic.gov",
                    "eu-isoe-", "cloud.adc-e.uk");

    /** The partition of most regions. */
    static final String AWS = "aws";

    /** Likewise; the ids of AWS's partitions.json. */
    private static final Map<String, String> PARTITIONS =
            Map.of(
                    "cn-", "aws-cn",
                    "us-gov-", "aws-us-gov",
                    "eusc-", "aws-eusc",
                    "us-iso-", "aws-iso",
                    "us-isob-", "aws-iso-b",
                    "us-isof-", "aws-iso-f",
                    "eu-isoe-", "aws-iso-e");

    private final String name;

    private AwsRegion(String name) {
        this.name = name;
    }

    /** The region that a template names; it becomes part of a host's name. */
    static AwsRegion of(@Nullable String written) throws WrongSettings {
        if (written == null || written.isBlank()) {
            throw new WrongSettings("region not specified");
        }
        if (written.length() > LONGEST || !NAME.matcher(written).matches()) {
            throw new WrongSettings("spec.provider.region is no region of AWS such as eu-west-1");
        }
        return new AwsRegion(written);
    }

    String name() {
        return name;
    }

    /** Where a service answers in this region. */
    String host(String service) {
        return service + "." + name + "." + found(DOMAINS).orElse(COMMERCIAL);
    }

    /** The partition that it belongs to, as names of AWS's resources have it. */
    String partition() {
        return found(PARTITIONS).orElse(AWS);
    }

    private Optional<String> found(Map<String, String> byBegin) {
        return byBegin.entrySet().stream()
                .filter(each -> name.startsWith(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    @Override
    public String toString() {
        return name;
    }
}
