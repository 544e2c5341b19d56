package dev.serinus.analysis.api;

import dev.serinus.analysis.access.BrowserLogin;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.cookie.Cookie;

import org.jspecify.annotations.Nullable;

/** What a browser sends along by itself, and from which pages that counts. */
final class SessionCookies {

    private SessionCookies() {}

    /** Over TLS its name says that no other host, and nobody on an open line, has set it. */
    static String session(BrowserLogin browser) {
        return browser.isSecure() ? "__Host-serinus" : "serinus";
    }

    /** While one is at the provider, with one of several tabs. */
    static String pending(BrowserLogin browser, String name) {
        return session(browser) + "-login-" + name;
    }

    static @Nullable String find(HttpRequest<?> request, String name) {
        return request.getCookies()
                .findCookie(name)
                .map(Cookie::getValue)
                .filter(value -> !value.isEmpty())
                .orElse(null);
    }

    /**
     * True where a page of this dashboard asks, as far as the browser says; one that says nothing
     * of it is none.
     */
    static boolean isOwn(HttpRequest<?> request, BrowserLogin browser) {
        String origin = request.getHeaders().get(HttpHeaders.ORIGIN);
        return origin == null
                ? "same-origin".equals(request.getHeaders().get("Sec-Fetch-Site"))
                : origin.equalsIgnoreCase(browser.publicUrl());
    }
}
