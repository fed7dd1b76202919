//! Many callers at once of one workflow, on a server that does not say which run is whose.

use std::collections::BTreeSet;
use std::env;
use std::rc::Rc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use return_dispatch::event::Identified;
use return_dispatch::settings::Caller;
use return_dispatch::{Code, Error, Settings, call};
use simulation::exchange::Exchange;
use simulation::world::{Network, View};
use simulator::{
    GitHub, Job, RequestFacts, RunFacts, Scenario, SecondaryLimits, Server, Step, Workflow,
};

use crate::support::{Shown, World, inputs, scenario};

/// How a storm went.
struct Storm {
    results: Vec<(u32, Result<Identified, Error>)>,
    runs: Vec<RunFacts>,
    requests: Vec<RequestFacts>,
    exchanges: Vec<Exchange>,
}

/// So many callers, each starting within `spread` of the first by chance, and how they fared.
fn storm(scenario: Scenario, callers: u32, spread: Duration, timeout: &str) -> Storm {
    let mut inputs = inputs(&scenario);
    inputs.workflow_timeout_seconds = timeout.into();
    let network = Network::new(GitHub::new(scenario));
    let calls: FuturesUnordered<_> = (1..=callers)
        .map(|number| {
            let (network, inputs) = (Rc::clone(&network), &inputs);
            async move {
                let view = View {
                    number,
                    latency: (Duration::from_millis(20), Duration::from_millis(120)),
                    zero: Duration::from_secs(u64::from(number) * 1000),
                    seed: Some(u64::from(number)),
                };
                let world = World::on(&network, view);
                let chance = f64::from(world.draw()[0]) / 256.0;
                network.clock().sleep(spread.mul_f64(chance)).await;
                let settings = Settings::new(inputs, &Caller::default(), world.draw()).unwrap();
                (number, call(&world, &settings).await)
            }
        })
        .collect();
    let results = network.clock().block_on(calls.collect());
    let at = network.clock().now();
    let mut github = network.take_github();
    Storm {
        results,
        runs: github.runs(at),
        requests: github.requests().to_vec(),
        exchanges: network.take_exchanges(),
    }
}

impl Storm {
    /// The runs that this caller's requests created.
    fn runs_of(&self, caller: u32) -> Vec<u64> {
        let own = |run: &&RunFacts| run.client == Some(caller);
        self.runs.iter().filter(own).map(|run| run.id).collect()
    }

    /// Asserts that every caller has dispatched once and got the run of that.
    fn assert_each_has_its_own(&self) {
        for (caller, result) in &self.results {
            let named = result.as_ref().map(|identified| identified.run_id);
            let named = named.unwrap_or_else(|error| panic!("caller {caller}: {error}"));
            assert_eq!(self.runs_of(*caller), [named], "caller {caller}");
        }
        let named: BTreeSet<u64> = self.found().map(|identified| identified.run_id).collect();
        assert_eq!(named.len(), self.results.len(), "no two have the same");
    }

    fn found(&self) -> impl Iterator<Item = &Identified> {
        self.results
            .iter()
            .filter_map(|(_, result)| result.as_ref().ok())
    }

    /// How many requests half of the callers need at most.
    fn median(&self) -> u32 {
        let mut requests: Vec<u32> = self.found().map(|found| found.requests).collect();
        requests.sort_unstable();
        requests[requests.len() / 2]
    }

    /// How many requests the server refused.
    fn refused(&self) -> usize {
        let refused = |request: &&RequestFacts| matches!(request.status, 403 | 429);
        self.requests.iter().filter(refused).count()
    }

    /// Asserts that nobody asked again before it was to.
    fn assert_left_alone(&self) {
        for refused in &self.exchanges {
            let (Some(wait), Some(answered)) = (refused.asked_wait, refused.answered) else {
                continue;
            };
            let mut during = self.exchanges.iter().filter(|exchange| {
                exchange.program == refused.program
                    && (answered + Duration::from_millis(1)..answered + wait)
                        .contains(&exchange.sent)
            });
            assert!(during.next().is_none(), "{refused:?}");
        }
    }
}

const AT_ONCE: Duration = Duration::ZERO;

/// How many call at once; what that takes grows with their square.
fn many() -> u32 {
    env::var("RETURN_DISPATCH_CALLERS").map_or(100, |number| number.parse().expect("a number"))
}

#[test]
fn each_of_many_at_once_gets_its_own_run_by_its_title() {
    each_gets_its_own(Shown::InTitle);
}

#[test]
fn each_of_many_at_once_gets_its_own_run_by_a_step() {
    each_gets_its_own(Shown::InStepName);
}

#[test]
fn each_of_many_at_once_gets_its_own_run_by_a_log() {
    each_gets_its_own(Shown::InLog);
}

fn each_gets_its_own(shown: Shown) {
    let s = scenario(Server::Ghes320, shown.receiver());
    let callers = many();
    let storm = storm(s, callers, AT_ONCE, "600");
    storm.assert_each_has_its_own();
    // Where titles do not tell, the jobs and logs of the others have to be read, but not over and over.
    let most = storm.found().map(|found| found.requests).max();
    assert!(most < Some(12 + 4 * callers), "{most:?}");
}

#[test]
fn others_cost_nothing_where_titles_tell_whose_a_run_is() {
    for seconds in [0, 1, 10, 60] {
        let medians = [10, 50, many()].map(|callers| {
            let s = scenario(Server::Ghes320, Shown::InTitle.receiver());
            let storm = storm(s, callers, Duration::from_secs(seconds), "600");
            storm.assert_each_has_its_own();
            storm.median()
        });
        // Thirty runs are asked for at first, and pages of a hundred if those of the last minute are
        // more.
        let [few, more, many] = medians;
        assert!(
            more <= few + 1 && many <= few + 2,
            "{medians:?} within {seconds} s"
        );
        assert!(many < 12, "{medians:?} within {seconds} s");
    }
}

#[test]
fn a_storm_slows_down_by_itself_where_it_meets_a_secondary_limit() {
    for (status, says_how_long) in [(403, true), (429, true), (403, false)] {
        let mut s = scenario(Server::Ghes320, Shown::InTitle.receiver());
        s.secondary_limits = Some(SecondaryLimits {
            status,
            says_how_long,
            ..SecondaryLimits::default()
        });
        let storm = storm(s, 200, AT_ONCE, "1800");
        storm.assert_each_has_its_own();
        storm.assert_left_alone();
        assert!(storm.median() < 12, "{}", storm.median());
        // Those who met the limit twice have not come back at the same moment once more.
        let dispatched = |request: &&RequestFacts| {
            request.method == "POST" && request.status == 204 && request.at.as_secs() > 100
        };
        let late: BTreeSet<u64> = storm
            .requests
            .iter()
            .filter(dispatched)
            .map(|request| request.at.as_secs())
            .collect();
        assert!(late.len() > 10, "{late:?}");
        // 120 meet the limit at first, some of them once or twice more.
        assert!(storm.refused() < 400, "{} were refused", storm.refused());
    }
}

#[test]
fn a_storm_without_time_ends_in_true_errors() {
    let mut s = scenario(Server::Ghes320, Shown::InTitle.receiver());
    s.secondary_limits = Some(SecondaryLimits::default());
    let storm = storm(s, 200, AT_ONCE, "90");
    let mut in_vain = 0;
    for (caller, result) in &storm.results {
        let own = storm.runs_of(*caller);
        match result {
            Ok(identified) => assert_eq!(own, [identified.run_id]),
            Err(error) => {
                in_vain += 1;
                assert!(
                    matches!(error.code, Code::RateLimited | Code::TimedOut),
                    "{error}"
                );
                assert!(own.len() <= 1, "{own:?}");
                assert_eq!(error.may_have_dispatched, !own.is_empty(), "{error}");
            }
        }
    }
    assert!((1..120).contains(&in_vain), "{in_vain}");
}

#[test]
fn on_an_older_gitea_each_gets_its_own_run_too() {
    for (shown, seconds) in [
        (Shown::InTitle, 0),
        (Shown::InTitle, 10),
        (Shown::InLog, 0),
        (Shown::InLog, 10),
    ] {
        let s = scenario(Server::Gitea125, shown.receiver());
        let storm = storm(s, 50, Duration::from_secs(seconds), "600");
        storm.assert_each_has_its_own();
        if shown == Shown::InTitle {
            assert!(storm.median() < 12, "{}", storm.median());
        }
    }
}

#[test]
fn logs_of_jobs_that_run_tell_whose_each_run_is() {
    let echo = Step::run("true")
        .named("announce")
        .taking(1.0)
        .printing("ID: ${{ inputs.distinct_id }}");
    let build = Step::run("make").taking(3_000.0);
    let receiver = Workflow::new("ci.yml")
        .with_input("distinct_id")
        .with_jobs([Job::new("build", [echo, build])]);
    let s = scenario(Server::Gitea125, receiver);
    let storm = storm(s, 20, Duration::from_secs(10), "600");
    storm.assert_each_has_its_own();
    let slowest = storm.found().map(|found| found.seconds).fold(0.0, f64::max);
    assert!(slowest < 20.0, "{slowest}");
}
