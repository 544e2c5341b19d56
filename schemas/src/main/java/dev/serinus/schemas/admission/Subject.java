package dev.serinus.schemas.admission;

import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryAnalysis;
import dev.serinus.schemas.canary.CanarySpec;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.ServiceProtocol;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.mesh.Ability;
import dev.serinus.schemas.mesh.Knative;
import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.Meshes;
import dev.serinus.schemas.targets.TargetKind;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Canary on its way through the rules, where it is installed. */
record Subject(Canary canary, Installation installation) {
    // Not java.net.URI, which refuses what Go accepts, such as a space in the query.
    private static final Pattern ADDRESS =
            Pattern.compile("(?i)https?://[^/?#\\s]+.*", Pattern.DOTALL);

    CanarySpec spec() {
        return canary.getSpec();
    }

    CanaryAnalysis analysis() {
        return spec().analysis();
    }

    String namespace() {
        return canary.getMetadata().getNamespace() == null
                ? ""
                : canary.getMetadata().getNamespace();
    }

    /** The provider that is named: the Canary's, else the installation's. */
    String named() {
        String own = spec().provider();
        return own == null || own.isEmpty() ? installation.meshProvider() : own;
    }

    /**
     * The provider in force. A Knative Service has no other than Knative's: one who names another
     * is told so, and what else is wrong as it will be with that.
     */
    String provider() {
        return targets(TargetKind.KNATIVE_SERVICE) ? Knative.MESH.provider() : named();
    }

    Mesh mesh() {
        return Meshes.of(provider(), analysis().splitsByReplicas());
    }

    boolean skipsAnalysis() {
        return isTrue(spec().skipAnalysis());
    }

    int iterations() {
        return number(analysis().iterations(), 0);
    }

    Weight stepWeight() {
        return weight(analysis().stepWeight());
    }

    List<Weight> stepWeights() {
        return list(analysis().stepWeights()).stream().map(Subject::weight).toList();
    }

    Weight maxWeight() {
        return weight(analysis().maxWeight());
    }

    Weight stepWeightPromotion() {
        return weight(analysis().stepWeightPromotion());
    }

    /** True when weights are shifted: neither A/B nor Blue/Green, and a router to do it. */
    boolean shiftsWeights() {
        return movesWeights() && mesh().hasRoutes();
    }

    /**
     * True for weights, also where beside them there is a number of iterations: Flagger's schema
     * refuses both, so that no manifest of Flagger's means anything else by it.
     */
    boolean movesWeights() {
        return iterations() <= 0 || stepWeight().isAny() || !stepWeights().isEmpty();
    }

    /** spec.analysis.delay; empty for none, and for one that cannot be read. */
    static Optional<Duration> delay(@Nullable String written) {
        return written == null || written.isEmpty()
                ? Optional.empty()
                : Durations.parse(written).filter(Duration::isPositive);
    }

    /** True where connections are split; other meshes have routes of requests, as in Flagger. */
    boolean onTcp() {
        return mesh().can(Ability.TCP) && ServiceProtocol.isTcp(spec().service());
    }

    /** True where the requests that match {@code analysis.match} are told from all others. */
    boolean routesByConditions() {
        return !list(analysis().match()).isEmpty() && !mesh().conditions().isEmpty() && !onTcp();
    }

    /** What is released; empty for what cannot be. */
    Optional<TargetKind> target() {
        return TargetKind.of(spec().targetRef());
    }

    boolean targets(TargetKind kind) {
        return target().filter(kind::equals).isPresent();
    }

    /** Whether a reference leaves the Canary's namespace where the installation forbids it. */
    boolean forbids(@Nullable String otherNamespace) {
        return installation.noCrossNamespaceRefs()
                && otherNamespace != null
                && !otherNamespace.isEmpty()
                && !otherNamespace.equals(namespace());
    }

    /** Whether something in this part of the manifest could not be read. */
    boolean misread(String path) {
        return canary.problems().stream().anyMatch(problem -> within(problem.getPath(), path));
    }

    /** Whether a path is this part or lies in it. */
    static boolean within(String path, String part) {
        return path.startsWith(part)
                && (path.length() == part.length()
                        || ".[".indexOf(path.charAt(part.length())) >= 0);
    }

    /** Whether a call to this address could ever succeed. */
    static boolean isAddress(String url) {
        return ADDRESS.matcher(url).matches();
    }

    static boolean given(@Nullable String text) {
        return text != null && !text.isEmpty();
    }

    static boolean isTrue(@Nullable Boolean value) {
        return value != null && value;
    }

    /** True when a weight is no whole number of percent. */
    boolean asksForFineWeights() {
        return Stream.concat(
                        Stream.of(stepWeight(), maxWeight(), stepWeightPromotion()),
                        stepWeights().stream())
                .anyMatch(weight -> !weight.isWhole());
    }

    static Weight weight(@Nullable BigDecimal percent) {
        return percent == null ? Weight.NONE : Weight.nearest(percent.doubleValue());
    }

    static int number(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }

    static <T> List<T> list(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
