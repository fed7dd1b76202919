//! The targets, one file each.

mod archive;
mod call;
mod headers;
mod inputs;
mod json;
mod lines;
mod redirects;
mod search;
mod times;

/// A function that takes any bytes, and how much of it the short run does.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, that of its file and of its folders in `seeds/` and `regressions/`.
    pub name: &'static str,
    /// Panics where a property is violated.
    pub check: fn(&[u8]),
    /// Mutations that the short run tries.
    pub mutations: usize,
}

/// All targets.
pub const TARGETS: [Target; 9] = [
    Target {
        name: "archive",
        check: archive::check,
        mutations: 2_000,
    },
    Target {
        name: "call",
        check: call::check,
        mutations: 1_500,
    },
    Target {
        name: "headers",
        check: headers::check,
        mutations: 10_000,
    },
    Target {
        name: "inputs",
        check: inputs::check,
        mutations: 10_000,
    },
    Target {
        name: "json",
        check: json::check,
        mutations: 15_000,
    },
    Target {
        name: "lines",
        check: lines::check,
        mutations: 10_000,
    },
    Target {
        name: "redirects",
        check: redirects::check,
        mutations: 5_000,
    },
    Target {
        name: "search",
        check: search::check,
        mutations: 5_000,
    },
    Target {
        name: "times",
        check: times::check,
        mutations: 15_000,
    },
];

/// The target of this name.
#[must_use]
pub fn target(name: &str) -> Option<Target> {
    TARGETS.into_iter().find(|target| target.name == name)
}
