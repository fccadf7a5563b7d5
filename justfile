# Commands for work on heard. `just` alone lists them.

set positional-arguments

home := justfile_directory() / "target/throw-away-home"

# list the recipes
[private]
default:
    @just --list --unsorted --justfile "{{ justfile() }}"

# everything CI runs; or only the steps named
check *steps:
    @./check "$@"

# tests by nextest (all, or those whose name contains a filter), then doctests when there is no filter
test *filter:
    cargo nextest run --workspace --locked --features heard/keyring "$@"
    {{ if filter == "" { "cargo test --doc --workspace --locked" } else { "" } }}

# clippy, as strict as CI
lint:
    cargo clippy --workspace --all-targets --locked --features heard/keyring -- -D warnings

# put every file into the house's format
fmt:
    cargo fmt --all

# the program against a throw-away home, so that nobody develops on their own history
run *args:
    @mkdir -p "{{ home }}"
    @cargo run --quiet --locked --package heard -- --home "{{ home }}" "$@"

# the whole main job against a generated account on loopback; no key needed
demo *args:
    @cargo run --quiet --locked --package heard -- demo "$@"

# a Last.fm of one's own on loopback, for playing by hand; prints its URL first
fake *args:
    @cargo run --quiet --locked --package fakefm -- "$@"

# the libraries' documentation, as strict as CI
doc *args:
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --workspace --lib --bin heard --examples --locked "$@"

# licences, bans and sources, for every platform (needs cargo-deny)
deny:
    cargo deny --locked check bans licenses sources

# does it build with exactly the Rust version that Cargo.toml names? (needs rustup and jq)
msrv:
    cargo "+$(cargo metadata --no-deps --locked --format-version 1 | jq -r '[.packages[].rust_version] | unique | join(" ")')" \
        check --workspace --all-targets --locked

# how fast: the goals and what this machine reaches
bench *args:
    bench/run "$@"

# a home with many answers about music made anew: seconds and megabytes
bench-enriched *args:
    cargo build --release --locked --workspace --bins
    python3 bench/enriched.py "$@"

# how good the recommender is, on made-up listeners; with HEARD_SHARED on real ones, too
evaluate:
    cargo run --release --locked --package heard-history --example evaluate

# every reader of export files against damaged ones; how many for each of them
fuzz-readers inputs="100000":
    HEARD_FUZZ="$1" cargo test --release --locked --package heard-history --test it -- fuzz_readers --nocapture

# every proof below, one after the other; minutes to hours
prove-all: prove-kills prove-delivery prove-syscalls prove-power prove-disk-full prove-collisions prove-model prove-verify

# killed at any instant, nothing committed is lost and nothing is counted twice
prove-kills *args:
    bench/prove kills "$@"

# killed while plays go out to a service that loses answers; and how fast they go
prove-delivery *args:
    bench/prove delivery "$@"

# stopped at every write, sync and rename in turn
prove-syscalls *args:
    bench/prove syscalls "$@"

# every state the disk may be in after a power cut
prove-power *args:
    bench/prove power "$@"

# a full disk at any write
prove-disk-full *args:
    bench/prove disk-full "$@"

# fifty processes at once: one works, the others say so at once
prove-collisions *args:
    bench/prove collisions "$@"

# the collecting algorithm against its model, in random worlds
prove-model *args:
    bench/prove model "$@"

# every damage to the archive is found by verify
prove-verify *args:
    bench/prove verify "$@"
