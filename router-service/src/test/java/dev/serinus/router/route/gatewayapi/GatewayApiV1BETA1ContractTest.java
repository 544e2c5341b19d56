package dev.serinus.router.route.gatewayapi;

import dev.serinus.schemas.mesh.GatewayApi;
import dev.serinus.schemas.mesh.Mesh;

class GatewayApiV1BETA1ContractTest extends GatewayApiV1ContractTest {

    @Override
    Mesh version() {
        return GatewayApi.V1BETA1;
    }
}
