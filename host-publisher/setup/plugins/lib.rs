//! Nothing of its own: `cargo build` of the dependencies is what this package is for.
