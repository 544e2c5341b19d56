package dev.serinus.router.route.nginx;

import dev.serinus.router.route.Router;
import dev.serinus.router.route.ingress.CopiedIngressContract;
import dev.serinus.schemas.canary.IngressNames;

class NginxRouterContractTest extends CopiedIngressContract {

    @Override
    protected Router router() {
        return new NginxRouter(IngressNames.DEFAULTS);
    }

    @Override
    protected String annotation() {
        return "nginx.ingress.kubernetes.io/affinity: cookie";
    }
}
