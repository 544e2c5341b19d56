package dev.serinus.watcher.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** The directory is as Kubernetes mounts it: files are links to a version that is replaced. */
class TokenFilesTest {

    private static final String WHERE = "spec.provider.auth.bearerTokenFile: ";

    @TempDir private Path directory;
    @TempDir private Path elsewhere;
    private Path shop;

    @BeforeEach
    void mount() throws IOException {
        shop = Files.createDirectory(directory.resolve("shop"));
        version("..1", "first");
        var _ = Files.createSymbolicLink(shop.resolve("token"), Path.of("..data/token"));
        Files.writeString(Files.createDirectory(directory.resolve("press")).resolve("own"), "p");
    }

    private void version(String name, String token) throws IOException {
        Files.writeString(Files.createDirectory(shop.resolve(name)).resolve("token"), token);
        var link = Files.createSymbolicLink(shop.resolve("..new"), Path.of(name));
        var _ = Files.move(link, shop.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private TokenFiles.Found read(String namespace, String name) {
        return TokenFiles.of(Map.of(TokenFiles.DIRECTORY, directory.toString()))
                .of(namespace, name);
    }

    @Test
    void aTokenIsReadAnewEachTime() throws Exception {
        var files = TokenFiles.of(Map.of(TokenFiles.DIRECTORY, directory.toString()));
        assertThat(files.of("shop", "token")).isEqualTo(new TokenFiles.Found.Token("first"));

        version("..2", "second\n");

        assertThat(files.of("shop", "token")).isEqualTo(new TokenFiles.Found.Token("second"));
    }

    @Test
    void nothingThatIsPrintedHasTheToken() {
        assertThat(read("shop", "token").toString()).doesNotContain("first");
    }

    @Test
    void withoutADirectoryTheSettingIsNamed() {
        assertThat(TokenFiles.of(Map.of()).of("shop", "token"))
                .isEqualTo(
                        new TokenFiles.Found.Wrong(
                                WHERE
                                        + "this installation has no files of tokens:"
                                        + " SERINUS_TOKEN_DIRECTORY of the watcher has to name a"
                                        + " directory with one directory for each namespace"));
    }

    @Test
    void aDirectoryIsNamedFromTheRoot() {
        assertThatThrownBy(() -> TokenFiles.of(Map.of(TokenFiles.DIRECTORY, "tokens")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("SERINUS_TOKEN_DIRECTORY must be an absolute path");
    }

    @Test
    void aFileThatIsNotThereIsToldWithItsNamespace() {
        String told = "there is no file %s of namespace %s in the directory that %s names";

        assertThat(read("shop", "other"))
                .isEqualTo(
                        new TokenFiles.Found.Wrong(
                                WHERE + told.formatted("other", "shop", TokenFiles.DIRECTORY)));
        assertThat(read("cart", "token"))
                .isEqualTo(
                        new TokenFiles.Found.Wrong(
                                WHERE + told.formatted("token", "cart", TokenFiles.DIRECTORY)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../press/own", "/etc/hostname", "..data/token", "a/../token", ""})
    void aNameThatMayLeadElsewhereIsNotLookedFor(String name) {
        assertThat(read("shop", name))
                .isEqualTo(new TokenFiles.Found.Wrong(WHERE + "there can be no such file"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "shop/..", "SHOP", ""})
    void aNamespaceIsOneDirectory(String namespace) {
        assertThat(read(namespace, "token"))
                .isEqualTo(new TokenFiles.Found.Wrong(WHERE + "there can be no such file"));
    }

    @Test
    void aLinkLeadsToNoOtherPlace() throws Exception {
        Path secret = Files.writeString(elsewhere.resolve("secret"), "not-ours");
        var _ = Files.createSymbolicLink(shop.resolve("out"), secret);
        var _ = Files.createSymbolicLink(shop.resolve("neighbour"), Path.of("../press/own"));
        var _ = Files.createSymbolicLink(directory.resolve("linked"), elsewhere);

        for (String name : new String[] {"out", "neighbour"}) {
            assertThat(read("shop", name))
                    .isEqualTo(
                            new TokenFiles.Found.Wrong(
                                    WHERE + name + " leads out of the directory of its namespace"));
        }
        assertThat(read("linked", "secret"))
                .isEqualTo(
                        new TokenFiles.Found.Wrong(
                                WHERE + "secret leads out of the directory of its namespace"));
    }

    @Test
    void aDirectoryIsNoFile() throws Exception {
        Files.createDirectory(shop.resolve("more"));

        assertThat(read("shop", "more"))
                .isEqualTo(new TokenFiles.Found.Wrong(WHERE + "more is no file"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "two\nlines", "\u00e4\u00f6", "a\u0000b"})
    void whatIsNoTokenIsNotSentAndNotTold(String text) throws Exception {
        Files.writeString(shop.resolve("odd"), text);

        assertThat(read("shop", "odd"))
                .isEqualTo(
                        new TokenFiles.Found.Wrong(
                                WHERE
                                        + "odd must hold one token and nothing else, 16384 bytes at"
                                        + " most"));
    }

    @Test
    void aFileThatIsTooLongForATokenIsNotReadWhole() throws Exception {
        Files.writeString(shop.resolve("long"), "a".repeat(16 * 1024 + 1));
        Files.writeString(shop.resolve("longest"), "a".repeat(16 * 1024));

        assertThat(read("shop", "long")).isInstanceOf(TokenFiles.Found.Wrong.class);
        assertThat(read("shop", "longest")).isInstanceOf(TokenFiles.Found.Token.class);
    }

    /** It may just be written. */
    @Test
    void anEmptyFileIsNotTheManifestsFault() throws Exception {
        Files.writeString(shop.resolve("empty"), " \n");

        assertThat(read("shop", "empty"))
                .isEqualTo(new TokenFiles.Found.Unknown(WHERE + "empty is empty"));
    }
}
