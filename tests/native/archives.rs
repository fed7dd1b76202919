//! Archives of logs of every size and number of files, read by ranges.

use return_dispatch::Event;
use simulator::{ArchiveNames, Conclusion, Job, Scenario, Server, Step, Workflow};

use crate::support::{Waited, World, scenario, wait, wait_in};
use crate::waiting::ID;

/// Pseudo-random numbers: `SplitMix64`.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to less than this.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    /// A line that hardly deflates.
    fn line(&mut self) -> String {
        let words = std::array::from_fn::<_, 6, _>(|_| format!("{:016x}", self.next()));
        words.concat()
    }
}

/// Jobs of so many steps each, which print so many lines; each job returns a value.
fn printing(jobs: usize, steps: usize, lines: usize, numbers: &mut Numbers) -> Scenario {
    let jobs = (0..jobs).map(|job| {
        let steps = (0..steps).map(|step| {
            let value = (step == 0).then(|| format!("{ID} v{job}=of {job}"));
            let noise = (0..lines).map(|_| numbers.line()).collect::<Vec<_>>();
            // The directory contains its name as well.
            let name =
                format!("step {step} of a job with names that are as long as they often are");
            let mut step = Step::run("make").named(name).taking(0.1);
            step.prints = value.into_iter().chain(noise).collect();
            step
        });
        Job::new(format!("job {job}"), steps.collect::<Vec<_>>())
    });
    let receiver = Workflow::new("ci.yml")
        .with_input("distinct_id")
        .with_jobs(jobs.collect::<Vec<_>>());
    scenario(Server::GitHubCom, receiver)
}

/// As many jobs have returned a value each.
fn assert_values(waited: &Waited, jobs: usize, case: &str) {
    let values: serde_json::Value = serde_json::from_str(&waited.ended().outputs).unwrap();
    assert_eq!(values.as_object().unwrap().len(), jobs, "{case}");
    for job in 0..jobs {
        assert_eq!(values[&format!("v{job}")], format!("of {job}"), "{case}");
    }
}

/// A store that knows no ranges, and answers with the whole.
fn without_ranges(world: &World) {
    world.network().set_proxy(Box::new(|mut request, ask| {
        request.headers.retain(|(name, _)| name != "range");
        ask(&request)
    }));
}

fn assert_read(jobs: usize, steps: usize, lines: usize, numbers: &mut Numbers) {
    let scenario = printing(jobs, steps, lines, numbers);
    let whole = wait_in(scenario.clone(), |_| {}, without_ranges);
    let waited = wait(scenario, |_| {});
    let shape = format!("{jobs} jobs, {steps} steps, {lines} lines");
    assert_eq!(waited.ended().outputs, whole.ended().outputs, "{shape}");
    assert_values(&waited, jobs, &shape);
    // By the archive alone, and that once.
    let single = waited.count("GET", "/actions/jobs/");
    let archives = waited.count("GET", "/attempts/1/logs");
    assert_eq!((single, archives), (0, 1), "{shape}");
}

#[test]
fn archives_of_a_thousand_shapes_are_read_by_ranges() {
    let mut numbers = Numbers(7);
    for _ in 0..1_000 {
        let jobs = 5 + numbers.below(40);
        let steps = 1 + numbers.below(8);
        // From nothing to some hundred lines in all the steps together.
        let lines = numbers.below(1 + 1_200 / (jobs * steps));
        assert_read(jobs, steps, lines, &mut numbers);
    }
}

#[test]
fn archives_whose_directory_is_longer_than_their_end_that_is_read_first_are_read() {
    let mut numbers = Numbers(8);
    // Of 256 KiB to 1 MiB with a directory over 64 KiB, of more, and with one over 1 MiB.
    for (jobs, steps, lines) in [(60, 12, 2), (60, 12, 5), (100, 10, 6), (250, 45, 0)] {
        assert_read(jobs, steps, lines, &mut numbers);
    }
}

/// Jobs of these names, each of which returns a value.
fn named(names: &[String], spelling: ArchiveNames) -> Scenario {
    let jobs = names.iter().enumerate().map(|(number, name)| {
        let mut step = Step::run("make").named("test: all / now").taking(1.0);
        step.prints.push(format!("{ID} v{number}=of {number}"));
        Job::new(name.as_str(), [step])
    });
    let receiver = Workflow::new("ci.yml")
        .with_input("distinct_id")
        .with_jobs(jobs.collect::<Vec<_>>());
    let mut scenario = scenario(Server::GitHubCom, receiver);
    scenario.archive_names = spelling;
    scenario
}

#[test]
fn jobs_are_found_in_archives_of_either_spelling() {
    let long = "a job with a name that is longer than names of files may be ".repeat(3);
    let names = [
        "build / test (ubuntu-24.04, 3.11) / build".to_owned(),
        "deploy: eu/west".to_owned(),
        "a_b".to_owned(),
        format!("{}: {}🚀", &long[..40], &long[..48]),
        format!("/{}🚀 and more", &long[..88]),
        "lint".to_owned(),
    ];
    for spelling in [ArchiveNames::Replaced, ArchiveNames::Removed] {
        let waited = wait(named(&names, spelling), |_| {});
        assert_values(&waited, names.len(), &format!("{spelling:?}"));
        assert_eq!(waited.count("GET", "/actions/jobs/"), 0, "{spelling:?}");

        // The last lines of the step that failed, and of no other.
        let mut failing = named(&names, spelling);
        let jobs = &mut failing.repositories[0].workflows[0].jobs;
        let mut other = Step::run("make").named("first").taking(1.0);
        other.prints.push("something else".into());
        jobs[0].steps.insert(0, other);
        jobs[0].steps[1].conclusion = Conclusion::Failure;
        let waited = wait(failing, |_| {});
        let printed = waited.events.iter().filter_map(|(_, event)| match event {
            Event::LogLine { text } => Some(text.as_str()),
            _ => None,
        });
        let printed: Vec<_> = printed.collect();
        assert!(
            printed.iter().any(|line| line.contains("v0=of 0")),
            "{printed:?}"
        );
        assert!(
            !printed.contains(&"something else"),
            "{spelling:?}: {printed:?}"
        );
    }
}

#[test]
fn of_two_jobs_whose_names_may_be_spelled_alike_neither_is_guessed() {
    let names = ["a/b", "a_b", "a:b", "c", "d", "e"].map(str::to_owned);
    for spelling in [ArchiveNames::Replaced, ArchiveNames::Removed] {
        let waited = wait(named(&names, spelling), |_| {});
        assert_values(&waited, names.len(), &format!("{spelling:?}"));
        // Their own logs tell them apart.
        assert_eq!(waited.count("GET", "/actions/jobs/"), 3, "{spelling:?}");
    }
}
