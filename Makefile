# slipway: the doors of the project. Every target installs what it needs and says so.
SHELL := /bin/bash

# The released program holds everything it needs: the Swift runtime, the C libraries and slipway-init.
# --wrap takes the slow registration of unwind tables out of a static program; see Sources/CLinuxSystem/static_unwind.c.
STATIC := -c release --static-swift-stdlib -Xswiftc -static-executable \
	-Xlinker --eh-frame-hdr -Xlinker --gc-sections -Xlinker -s \
	-Xlinker --wrap=__register_frame_info -Xlinker --wrap=__deregister_frame_info
BINARY := .build/release/slipway

.PHONY: quickstart build test check format bench fuzz bases conformance dependencies test-dependencies install clean

quickstart: build
	@scripts/quickstart.sh $(BINARY)

build: dependencies
	swift build -c release -Xlinker -s --product slipway-init
	swift build $(STATIC) --product slipway
	@scripts/embed-init.sh .build/release/slipway-init $(BINARY)

test: test-dependencies
	@scripts/test.sh

check: dependencies
	swift format lint --strict --recursive Package.swift Sources Tests Fuzz/Package.swift Fuzz/Sources/Fuzz*
	@scripts/check-words.sh

format:
	swift format --in-place --recursive Package.swift Sources Tests Fuzz/Package.swift Fuzz/Sources/Fuzz*

bench: build
	@scripts/bench.sh $(BINARY)

fuzz: dependencies
	@scripts/fuzz.sh 600

bases: build
	@scripts/make-bases.sh $(BINARY)

conformance: build
	@scripts/conformance.sh $(BINARY)

dependencies:
	@scripts/install-dependencies.sh build

test-dependencies:
	@scripts/install-dependencies.sh build test

install: build
	install -m 0755 $(BINARY) $(DESTDIR)/usr/local/bin/slipway

clean:
	rm -rf .build build
