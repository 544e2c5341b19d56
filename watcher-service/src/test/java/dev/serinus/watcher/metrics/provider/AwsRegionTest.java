package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwsRegionTest {

    /** Every region and domain of partitions.json, which AWS's SDKs share (botocore 1.43.11). */
    @ParameterizedTest
    @CsvFileSource(resources = "aws-regions.csv")
    void eachPartitionHasItsOwnDomain(String region, String domain) throws Exception {
        assertThat(AwsRegion.of(region).host("sts")).isEqualTo("sts." + region + "." + domain);
    }

    @Test
    void aRegionYetUnknownIsACommercialOne() throws Exception {
        assertThat(AwsRegion.of("xy-middle-12").host("aps-workspaces"))
                .isEqualTo("aps-workspaces.xy-middle-12.amazonaws.com");
    }

    @Test
    void aLongTextIsNoRegion() {
        assertThatThrownBy(() -> AwsRegion.of("eu" + "-a".repeat(500_000)))
                .isInstanceOf(WrongSettings.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "thief.example/",
                "eu-west-1.thief",
                "eu west 1",
                "s3-us-west-2",
                "EU-WEST-1"
            })
    void whatIsNoneBecomesNoHost(String written) {
        assertThatThrownBy(() -> AwsRegion.of(written))
                .isInstanceOf(WrongSettings.class)
                .hasMessage("spec.provider.region is no region of AWS such as eu-west-1");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void oneMustBeNamed(String written) {
        assertThatThrownBy(() -> AwsRegion.of(written)).hasMessage("region not specified");
    }
}
