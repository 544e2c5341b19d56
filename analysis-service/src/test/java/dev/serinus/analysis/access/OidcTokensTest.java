package dev.serinus.analysis.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Signed tokens, with a small provider that serves its keys. */
class OidcTokensTest {

    private static RSAKey key;
    private static RSAKey later;
    private static RSAKey stranger;
    private static ECKey curve;

    private volatile JWKSet served = new JWKSet();
    private HttpServer server;
    private String issuer;
    private OidcTokens tokens;

    @BeforeAll
    static void keys() throws JOSEException {
        key = new RSAKeyGenerator(2048).keyID("first").generate();
        later = new RSAKeyGenerator(2048).keyID("second").generate();
        stranger = new RSAKeyGenerator(2048).keyID("first").generate();
        curve = new ECKeyGenerator(Curve.P_256).keyID("curve").generate();
    }

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer = "http://127.0.0.1:" + server.getAddress().getPort();
        answer(
                "/.well-known/openid-configuration",
                () -> "{\"issuer\": \"%s\", \"jwks_uri\": \"%s/keys\"}".formatted(issuer, issuer));
        answer("/keys", () -> served.toString());
        served = new JWKSet(List.of(key.toPublicJWK(), curve.toPublicJWK()));
        server.start();
        tokens = new OidcTokens(new Oidc(issuer, "serinus", null, "email", "groups"));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(String path, Supplier<String> body) {
        server.createContext(
                path,
                exchange -> {
                    byte[] bytes = body.get().getBytes(UTF_8);
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
    }

    private JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience("serinus")
                .subject("17")
                .claim("email", "ada@example.com")
                .claim("groups", List.of("sre", "owners"))
                .expirationTime(Date.from(Instant.now().plusSeconds(300)));
    }

    private String signed(UnaryOperator<JWTClaimsSet.Builder> otherwise) throws JOSEException {
        return signed(key, otherwise.apply(claims()).build());
    }

    private static String signed(RSAKey by, JWTClaimsSet claims) throws JOSEException {
        var token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(by.getKeyID()).build(),
                        claims);
        token.sign(new RSASSASigner(by));
        return token.serialize();
    }

    @Test
    void aTokenOfTheIssuerNamesItsCallerAndGroups() throws Exception {
        assertThat(tokens.caller(signed(claims -> claims)))
                .contains(new Caller("oidc:ada@example.com", Set.of("oidc:sre", "oidc:owners")));
    }

    @Test
    void soDoesOneThatIsSignedWithACurve() throws Exception {
        var token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("curve").build(),
                        claims().build());
        token.sign(new ECDSASigner(curve));

        assertThat(tokens.caller(token.serialize())).isPresent();
    }

    @Test
    void anAccessTokenIsTakenAndOneOfAnotherTypeIsNot() throws Exception {
        assertThat(tokens.caller(typed("at+jwt"))).isPresent();
        assertThat(tokens.caller(typed("JWT"))).isPresent();
        assertThat(tokens.caller(typed("logout+jwt"))).isEmpty();
    }

    private String typed(String type) throws JOSEException {
        var token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                .keyID("first")
                                .type(new JOSEObjectType(type))
                                .build(),
                        claims().build());
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    @Test
    void anAddressThatWasNotVerifiedNamesNobody() throws Exception {
        assertThat(tokens.caller(signed(claims -> claims.claim("email_verified", false))))
                .isEmpty();
        assertThat(tokens.caller(signed(claims -> claims.claim("email_verified", true))))
                .isPresent();
    }

    @Test
    void namesOfKeysThatAreMadeUpLockNobodyOut() throws Exception {
        boolean before = tokens.caller(signed(claims -> claims)).isPresent();
        var unknown = new RSAKeyGenerator(2048).keyID("made-up").generate();
        String madeUp = signed(unknown, claims().build());

        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 5; i++) {
                                tokens.caller(madeUp);
                            }
                        })
                .isInstanceOf(ProviderAway.class);
        assertThat(before).isTrue();
        assertThat(tokens.caller(signed(claims -> claims))).isPresent();
    }

    @Test
    void anotherIssuersIsNotTaken() throws Exception {
        assertThat(tokens.caller(signed(claims -> claims.issuer("https://evil.example"))))
                .isEmpty();
    }

    @Test
    void oneForAnotherAudienceIsNotTaken() throws Exception {
        assertThat(tokens.caller(signed(claims -> claims.audience("another")))).isEmpty();
        assertThat(tokens.caller(signed(claims -> claims.audience((String) null)))).isEmpty();
    }

    @Test
    void oneThatIsOverOrNotYetOrForEverIsNotTaken() throws Exception {
        var past = Date.from(Instant.now().minusSeconds(120));
        var soon = Date.from(Instant.now().plusSeconds(120));
        assertThat(tokens.caller(signed(claims -> claims.expirationTime(past)))).isEmpty();
        assertThat(tokens.caller(signed(claims -> claims.notBeforeTime(soon)))).isEmpty();
        assertThat(tokens.caller(signed(claims -> claims.expirationTime(null)))).isEmpty();
    }

    @Test
    void oneWithoutANameIsNotTaken() throws Exception {
        assertThat(tokens.caller(signed(claims -> claims.claim("email", null)))).isEmpty();
        assertThat(tokens.caller(signed(claims -> claims.claim("email", " ")))).isEmpty();
        assertThat(tokens.caller(signed(claims -> claims.claim("email", 7)))).isEmpty();
    }

    @Test
    void oneWithoutASignatureIsNotTaken() throws Exception {
        assertThat(tokens.caller(new PlainJWT(claims().build()).serialize())).isEmpty();
        String good = signed(claims -> claims);
        assertThat(tokens.caller(good.substring(0, good.lastIndexOf('.') + 1))).isEmpty();
    }

    @Test
    void oneThatIsSignedWithThePublicKeyAsASecretIsNotTaken() throws Exception {
        for (byte[] secret :
                List.of(
                        key.toRSAPublicKey().getEncoded(),
                        key.toPublicJWK().toJSONString().getBytes(UTF_8))) {
            var token =
                    new SignedJWT(
                            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("first").build(),
                            claims().build());
            token.sign(new MACSigner(secret));

            assertThat(tokens.caller(token.serialize())).isEmpty();
        }
    }

    @Test
    void oneThatAnotherSignedUnderTheSameNameIsNotTaken() throws Exception {
        assertThat(tokens.caller(signed(stranger, claims().build()))).isEmpty();
    }

    @Test
    void oneWhoseKeyNobodyKnowsIsNotTakenUntilTheIssuerServesIt() throws Exception {
        String token = signed(later, claims().build());
        boolean before = tokens.caller(signed(claims -> claims)).isPresent();

        served = new JWKSet(List.of(key.toPublicJWK(), later.toPublicJWK()));

        assertThat(before).isTrue();
        assertThat(tokens.caller(token)).isPresent();
    }

    @Test
    void whatIsNoTokenIsNotTaken() {
        assertThat(tokens.caller("")).isEmpty();
        assertThat(tokens.caller("a.b.c")).isEmpty();
        assertThat(tokens.caller("secret")).isEmpty();
    }

    @Test
    void aProviderThatIsAwayIsSaidToBe() throws Exception {
        String token = signed(claims -> claims);
        server.stop(0);

        assertThatThrownBy(() -> tokens.caller(token))
                .isInstanceOf(ProviderAway.class)
                .hasMessageContaining(issuer)
                .hasMessageNotContaining(token);
    }

    @Test
    void keysThatComeOverAnOpenLineAreRefused() {
        assertThatThrownBy(() -> new Oidc("http://sso.example", "serinus", null, "sub", "groups"))
                .hasMessageContaining("https://");
        assertThatThrownBy(() -> new Oidc("https://sso.example", "", null, "sub", "groups"))
                .hasMessageContaining("serinus.api.oidc-audience");
    }
}
