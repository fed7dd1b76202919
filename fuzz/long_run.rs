//! The long run: libFuzzer, guided by what the code does with each input, on
//! the target that the variable `FUZZ_TARGET` names. Started by `npm run fuzz`.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    use std::sync::OnceLock;
    static CHECK: OnceLock<fn(&[u8])> = OnceLock::new();
    let check = CHECK.get_or_init(|| {
        let name = std::env::var("FUZZ_TARGET").expect("FUZZ_TARGET names a target");
        let target = return_dispatch_fuzz::target(&name);
        target.expect("FUZZ_TARGET names a target").check
    });
    check(input);
});

/// Without libFuzzer it only lists the targets.
#[cfg(not(fuzzing))]
fn main() {
    for target in return_dispatch_fuzz::TARGETS {
        println!("{}", target.name);
    }
}
