// The module in whose archive Emissary's resource definitions lie. Nothing is compiled from it, so that go mod tidy would
// empty the list: go get MODULE@VERSION changes it, and go mod download MODULE writes its sums.
module serinus.dev/trials/emissary

go 1.26.0

require github.com/emissary-ingress/emissary/v3 v3.9.1
