package dev.serinus.router.route.none;

import dev.serinus.router.route.Router;
import dev.serinus.router.route.RouterContract;

class NoRouterContractTest extends RouterContract {

    @Override
    protected Router router() {
        return new NoRouter();
    }
}
