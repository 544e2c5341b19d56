package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Map;

/** Against the values that AWS's documentation and its suite of test vectors give. */
class AwsSignatureTest {

    private static final AwsKey KEY =
            new AwsKey("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null);

    @Test
    void theVanillaGetOfTheSuite() {
        assertThat(
                        AwsSignature.of(
                                KEY,
                                "us-east-1",
                                "service",
                                "GET",
                                "/",
                                "",
                                Map.of(
                                        "Host",
                                        "example.amazonaws.com",
                                        "X-Amz-Date",
                                        "20150830T123600Z"),
                                ""))
                .isEqualTo(
                        "AWS4-HMAC-SHA256"
                            + " Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                            + " SignedHeaders=host;x-amz-date,"
                            + " Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    }

    @Test
    void theVanillaPostOfTheSuite() {
        assertThat(
                        AwsSignature.of(
                                KEY,
                                "us-east-1",
                                "service",
                                "POST",
                                "/",
                                "",
                                Map.of(
                                        "Host",
                                        "example.amazonaws.com",
                                        "X-Amz-Date",
                                        "20150830T123600Z"),
                                ""))
                .endsWith(
                        "Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
    }

    @Test
    void theListUsersOfTheDocumentation() {
        assertThat(
                        AwsSignature.of(
                                KEY,
                                "us-east-1",
                                "iam",
                                "GET",
                                "/",
                                "Action=ListUsers&Version=2010-05-08",
                                Map.of(
                                        "content-type",
                                        "application/x-www-form-urlencoded; charset=utf-8",
                                        "host",
                                        "iam.amazonaws.com",
                                        "x-amz-date",
                                        "20150830T123600Z"),
                                ""))
                .endsWith(
                        "SignedHeaders=content-type;host;x-amz-date,"
                            + " Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
    }

    /** What Flagger's client of AWS signed when it was recorded, with its key and at its time. */
    @Test
    void theRecordedRequestOfFlagger() {
        assertThat(
                        AwsSignature.of(
                                new AwsKey("AKIALAB", "lab", null),
                                "eu-west-1",
                                "monitoring",
                                "POST",
                                "/",
                                "",
                                Map.of(
                                        "Content-Length",
                                        "126",
                                        "Content-Type",
                                        "application/x-www-form-urlencoded; charset=utf-8",
                                        "Host",
                                        "monitoring.eu-west-1.amazonaws.com",
                                        "X-Amz-Date",
                                        "20261121T152739Z"),
                                "Action=GetMetricData&EndTime=0001-01-01T00%3A00%3A00Z"
                                        + "&MetricDataQueries=&StartTime=0001-01-01T00%3A00%3A00Z"
                                        + "&Version=2010-08-01"))
                .isEqualTo(
                        "AWS4-HMAC-SHA256"
                            + " Credential=AKIALAB/20261121/eu-west-1/monitoring/aws4_request,"
                            + " SignedHeaders=content-length;content-type;host;x-amz-date,"
                            + " Signature=8f933f70313e1897c33b43eda6deee96615cb77b2d49dd6bd41f04047a9c65fd");
    }

    @Test
    void theTimeIsInUtc() {
        assertThat(AwsSignature.time(Instant.parse("2026-11-21T15:27:39.624Z")))
                .isEqualTo("20261121T152739Z");
    }
}
