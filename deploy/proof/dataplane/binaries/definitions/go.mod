// Modules in whose archives the resource definitions lie that a proxy watches and the test bed does not have. Nothing is
// compiled from them, so that go mod tidy would empty the list: go get MODULE@VERSION changes it.
module serinus.dev/dataplane/definitions

go 1.26.0

require (
	github.com/projectcontour/contour v1.33.8
	github.com/traefik/traefik/v3 v3.7.13
	sigs.k8s.io/gateway-api v1.6.3
)
