package dev.serinus.router.route.smi;

import dev.serinus.schemas.mesh.Linkerd;

class LinkerdContractTest extends SmiContractTest {

    LinkerdContractTest() {
        super(Linkerd.MESH);
    }
}
