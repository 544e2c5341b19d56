package dev.serinus.router.route.smi;

import dev.serinus.schemas.mesh.Osm;

class OsmContractTest extends SmiContractTest {

    OsmContractTest() {
        super(Osm.MESH);
    }
}
