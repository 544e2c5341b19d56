package dev.serinus.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;

import dev.serinus.cli.Refused;
import dev.serinus.images.layout.Digest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Images of small jars on a small base. */
class ImageBuildTest {

    private static final Product ALL_IN_ONE = Product.ALL.getFirst();
    private static final Product ROUTER =
            Product.ALL.stream()
                    .filter(each -> each.name().equals("serinus-router"))
                    .findFirst()
                    .orElseThrow();

    private static final Product LOAD_TESTER = Product.ALL.getLast();

    @TempDir Path folder;
    private Base base = Base.Debian.own();

    @BeforeEach
    void makeBase() throws Exception {
        Path file = Files.writeString(folder.resolve("os"), "small");
        Path tar = folder.resolve("base.tar");
        Jib.fromScratch()
                .addLayer(List.of(file), AbsoluteUnixPath.get("/etc/"))
                .containerize(
                        Containerizer.to(TarImage.at(tar).named("base"))
                                .setBaseImageLayersCache(folder.resolve("base-cache"))
                                .setApplicationLayersCache(folder.resolve("base-cache")));
        base = new Base.Archive(tar);
    }

    @Test
    void filesAreWhereTheChartLooksForThem() throws IOException {
        OciArchive image = build(checkout("one"), ROUTER, "one");
        Path root = Files.createDirectories(folder.resolve("root"));

        image.unpack(root);

        assertThat(root.resolve("etc/os")).hasContent("small");
        assertThat(root.resolve("opt/serinus/app/router-service.jar")).isRegularFile();
        assertThat(root.resolve("opt/serinus/lib/schemas.jar")).isRegularFile();
        assertThat(root.resolve("opt/serinus/lib/shared.jar")).isRegularFile();
        assertThat(root.resolve("var/lib/serinus")).isDirectory();
        assertThat(Files.readAllLines(root.resolve("opt/serinus/java.options")))
                .contains(
                        "-cp /opt/serinus/app/router-service.jar"
                                + ":/opt/serinus/lib/router-only.jar"
                                + ":/opt/serinus/lib/schemas.jar"
                                + ":/opt/serinus/lib/shared.jar"
                                + ":/opt/serinus/more/*")
                .endsWith("test.router-service");
    }

    @Test
    void itRunsAsNobodyInParticularWithoutAShell() throws IOException {
        var config = build(checkout("one"), ALL_IN_ONE, "one").config().path("config");

        assertThat(config.path("User").asText()).isEqualTo("10001:10001");
        assertThat(config.path("Entrypoint").toString())
                .isEqualTo("[\"java\",\"@/opt/serinus/java.options\"]");
        assertThat(config.path("Volumes").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("/tmp", "/var/lib/serinus");
        assertThat(config.path("ExposedPorts").fieldNames())
                .toIterable()
                .containsExactly("8080/tcp");
        assertThat(config.path("Labels").path("org.opencontainers.image.title").asText())
                .isEqualTo("Serinus: all in one, and its commands");
        assertThat(config.path("Labels").toString()).doesNotContain(folder.toString());
    }

    @Test
    void theLoadTesterIsTheWebhookServicesJarInItsOtherMode() throws IOException {
        OciArchive image = build(checkout("one"), LOAD_TESTER, "one");
        Path root = Files.createDirectories(folder.resolve("root"));

        image.unpack(root);

        assertThat(root.resolve("opt/serinus/app/webhook-service.jar")).isRegularFile();
        assertThat(Files.readAllLines(root.resolve("opt/serinus/java.options")))
                .endsWith("dev.serinus.loadtester.Application");
        assertThat(image.config().path("config").path("Env").toString())
                .contains("MICRONAUT_SERVER_HOST=0.0.0.0", "MICRONAUT_SERVER_PORT=8080");
        assertThat(image.config().path("config").path("User").asText()).isEqualTo("10001:10001");
    }

    @Test
    void theBillOfTheLoadTesterNamesItsProgramsInGo() throws IOException {
        OciArchive image = build(checkout("one"), LOAD_TESTER, "one");
        Path ofModule =
                Files.writeString(
                        folder.resolve("bom.json"),
                        "{\"metadata\": {\"component\": {\"name\": \"webhook-service\"}}}");
        Path bill = folder.resolve("bill.json");

        BillOfMaterials.write(
                ofModule,
                LOAD_TESTER,
                image,
                new Contents(
                        List.of(), List.of("github.com/rakyll/hey@v0.1.5"), Optional.empty(), null),
                bill);

        assertThat(Files.readString(bill))
                .contains("\"pkg:golang/github.com/rakyll/hey@v0.1.5\"", "webhook-service");
    }

    @Test
    void layersFollowHowOftenTheyChangeAndThoseOfAllAreShared() throws IOException {
        Checkout checkout = checkout("one");
        OciArchive router = build(checkout, ROUTER, "one");
        OciArchive all = build(checkout, ALL_IN_ONE, "one");

        assertThat(router.layers())
                .extracting(OciArchive.Blob::name)
                .endsWith("libraries of all", "libraries", "serinus");
        assertThat(router.layers().get(1).digest()).isEqualTo(all.layers().get(1).digest());
        assertThat(router.layers().get(2).digest()).isNotEqualTo(all.layers().get(2).digest());
    }

    @Test
    void aCacheIsALayerOnTopAndLeavesTheOthersAsTheyAre() throws IOException {
        Checkout checkout = checkout("one");
        Path work = Files.createDirectories(folder.resolve("work-one"));
        Path cache = Files.writeString(folder.resolve("written.aot"), "learnt");
        var build = new ImageBuild(checkout, base, work);
        OciArchive without = build.build(ROUTER, Platforms.AMD64, work.resolve("without.tar"));

        OciArchive with = build.build(ROUTER, Platforms.AMD64, cache, work.resolve("with.tar"));

        assertThat(with.layers()).hasSize(without.layers().size() + 1);
        assertThat(with.layers().subList(0, without.layers().size())).isEqualTo(without.layers());
        assertThat(with.layers().getLast().name()).isEqualTo("ahead-of-time cache");
        Path root = Files.createDirectories(folder.resolve("root"));
        with.unpack(root);
        assertThat(root.resolve("opt/serinus/aot/serinus-router.aot")).hasContent("learnt");
        List<String> options = Files.readAllLines(root.resolve("opt/serinus/java.options"));
        assertThat(options).startsWith("-XX:AOTCache=/opt/serinus/aot/serinus-router.aot");
        Path before = Files.createDirectories(folder.resolve("before"));
        without.unpack(before);
        assertThat(options.subList(1, options.size()))
                .isEqualTo(Files.readAllLines(before.resolve("opt/serinus/java.options")));
    }

    @Test
    void theBillNamesTheCacheByItsHash() throws IOException {
        OciArchive image = build(checkout("one"), ROUTER, "one");
        Path ofModule =
                Files.writeString(
                        folder.resolve("bom.json"),
                        "{\"metadata\": {\"component\": {\"name\": \"router-service\"}}}");
        Path cache = Files.writeString(folder.resolve("written.aot"), "learnt");
        Path bill = folder.resolve("bill.json");

        BillOfMaterials.write(ofModule, ROUTER, image, Contents.jarsAlone().withCache(cache), bill);

        assertThat(Files.readString(bill))
                .contains("\"/opt/serinus/aot/serinus-router.aot\"", Digest.of(cache).hex());
    }

    @Test
    void theProvenanceSaysOfWhatAnImageWasMadeAndByWhom() throws IOException {
        Checkout checkout = checkout("one");
        OciArchive image = build(checkout, ROUTER, "one");
        Path cache = Files.writeString(folder.resolve("written.aot"), "learnt");

        byte[] said =
                new Provenance(checkout, base, URI.create("https://ci.example/runs/7"))
                        .of(ROUTER, Platforms.AMD64, image, Contents.jarsAlone().withCache(cache));

        JsonNode statement = new ObjectMapper().readTree(said);
        assertThat(statement.path("_type").asText()).isEqualTo("https://in-toto.io/Statement/v1");
        assertThat(statement.path("subject").findValuesAsText("name"))
                .containsExactly("serinus-router", "serinus-router.tar");
        assertThat(statement.path("subject").findValuesAsText("sha256"))
                .containsExactly(
                        image.digest().substring("sha256:".length()),
                        Digest.of(image.file()).hex());
        JsonNode definition = statement.path("predicate").path("buildDefinition");
        assertThat(definition.path("externalParameters").toString())
                .isEqualTo(
                        "{\"image\":\"serinus-router\",\"platform\":\"linux/amd64\","
                                + "\"base\":\"base.tar\",\"aot\":true}");
        JsonNode materials = definition.path("resolvedDependencies");
        assertThat(materials.findValuesAsText("uri"))
                .containsExactly("git+https://github.com/serinus-dev/serinus");
        assertThat(materials.findValuesAsText("name"))
                .containsExactly(
                        "base.tar",
                        "/opt/serinus/app/router-service.jar",
                        "/opt/serinus/lib/schemas.jar",
                        "/opt/serinus/lib/router-only.jar",
                        "/opt/serinus/lib/shared.jar");
        assertThat(materials.findValuesAsText("sha256"))
                .contains(Digest.of(checkout.root().resolve(ROUTER.jar())).hex());
        JsonNode run = statement.path("predicate").path("runDetails");
        assertThat(run.path("builder").path("id").asText()).isEqualTo("https://ci.example/runs/7");
        assertThat(run.path("byproducts").findValuesAsText("sha256"))
                .containsExactly(Digest.of(cache).hex());
        assertThat(new String(said, UTF_8)).doesNotContain(folder.toString());
    }

    @Test
    void aBaseThatIsNamedByItsDigestIsAMaterialWithIt() throws IOException {
        Checkout checkout = checkout("one");
        OciArchive image = build(checkout, ROUTER, "one");
        String digest = "ab".repeat(32);

        byte[] said =
                new Provenance(
                                checkout,
                                new Base.Registry("registry.example/java@sha256:" + digest),
                                Provenance.UNNAMED)
                        .of(ROUTER, Platforms.AMD64, image, Contents.jarsAlone());

        assertThat(new String(said, UTF_8))
                .contains("docker://registry.example/java@sha256:" + digest)
                .contains("\"sha256\" : \"" + digest + "\"")
                .doesNotContain("byproducts");
    }

    @Test
    void theSameJarsGiveTheSameImageWhereverAndWheneverTheyWereWritten() throws IOException {
        OciArchive one = build(checkout("one"), ROUTER, "one");
        Checkout later = checkout("another/further/down");
        Files.setLastModifiedTime(
                later.root().resolve(ROUTER.jar()),
                FileTime.from(Instant.parse("2031-01-01T00:00:00Z")));

        OciArchive another = build(later, ROUTER, "another");

        assertThat(another.digest()).isEqualTo(one.digest());
        assertThat(another.file()).hasSameBinaryContentAs(one.file());
    }

    @Test
    void whatWasNotBuiltIsNamed() throws IOException {
        Checkout checkout = checkout("one");
        Files.delete(checkout.root().resolve(ROUTER.jar()));

        assertThatThrownBy(() -> build(checkout, ROUTER, "one"))
                .isInstanceOf(Refused.class)
                .hasMessage(
                        "router-service/target/router-service.jar was not built: deploy/serinus"
                                + " build images");
    }

    private OciArchive build(Checkout checkout, Product product, String name) throws IOException {
        Path work = Files.createDirectories(folder.resolve("work-" + name));
        return new ImageBuild(checkout, base, work)
                .build(product, Platforms.AMD64, work.resolve(product.name() + ".tar"));
    }

    private Checkout checkout(String name) throws IOException {
        return SmallCheckout.in(folder.resolve("checkout").resolve(name));
    }
}
