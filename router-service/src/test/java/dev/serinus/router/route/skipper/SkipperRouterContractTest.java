package dev.serinus.router.route.skipper;

import dev.serinus.router.route.Router;
import dev.serinus.router.route.ingress.CopiedIngressContract;

class SkipperRouterContractTest extends CopiedIngressContract {

    @Override
    protected Router router() {
        return new SkipperRouter();
    }

    @Override
    protected String annotation() {
        return "zalando.org/skipper-predicate: \"Host(/shop/)\"";
    }
}
