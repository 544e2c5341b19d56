package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.given;

import dev.serinus.schemas.canary.ObjectNames;

import org.jspecify.annotations.Nullable;

/** Another Canary as a manifest names it, with what is its own where that is left out. */
record NamedCanary(String cluster, String namespace, String name) {

    static NamedCanary of(
            Subject subject,
            @Nullable String cluster,
            @Nullable String namespace,
            @Nullable String name) {
        return new NamedCanary(
                given(cluster) ? String.valueOf(cluster) : subject.installation().cluster(),
                given(namespace) ? String.valueOf(namespace) : subject.namespace(),
                name == null ? "" : name);
    }

    /** The one whose manifest it is. */
    static NamedCanary own(Subject subject) {
        return of(subject, null, null, subject.canary().getMetadata().getName());
    }

    /** Each of its names has to be one. */
    static void names(
            @Nullable String cluster,
            @Nullable String namespace,
            @Nullable String name,
            String path,
            Findings findings) {
        String written = name == null ? "" : name;
        name(written, path + ".name", ObjectNames.isName(written), findings);
        if (given(namespace)) {
            String of = String.valueOf(namespace);
            name(of, path + ".namespace", ObjectNames.isNamespace(of), findings);
        }
        if (given(cluster)) {
            String of = String.valueOf(cluster);
            name(of, path + ".cluster", ObjectNames.isName(of), findings);
        }
    }

    private static void name(String written, String path, boolean valid, Findings findings) {
        findings.when(
                !valid,
                path,
                written.isEmpty() ? "must not be empty" : ObjectNames.because(written));
    }
}
