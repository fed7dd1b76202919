//! Everything that happened under a plan, for the rules to judge and for people to read.

use std::rc::Rc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use return_dispatch::abandon::{Left, abandon};
use return_dispatch::event::{Ended, Event, Identified};
use return_dispatch::settings::{Caller, Inputs};
use return_dispatch::{Code, Error, Settings, call_and_wait};
use simulator::{Effect, GitHub, RequestFacts, RunFacts};

use crate::exchange::Exchange;
use crate::memory::Noted;
use crate::plan::{Plan, Program};
use crate::world::{Network, World};

/// After the last call has ended, runs get so long to show what has become of them.
const GRACE: Duration = Duration::from_mins(5);

/// What happened.
#[derive(Debug)]
pub struct Story {
    /// What was planned.
    pub plan: Plan,
    /// How each call went, in the order of the plan's programs.
    pub calls: Vec<Call>,
    /// Every run there is in the end, and some time after it.
    pub runs: Vec<RunFacts>,
    /// Every request, as the server got it.
    pub requests: Vec<RequestFacts>,
    /// Every request, as the programs sent it.
    pub exchanges: Vec<Exchange>,
}

/// How a call went.
#[derive(Debug)]
pub struct Call {
    /// Who called.
    pub program: Program,
    /// When the call began.
    pub began: Duration,
    /// When its run was identified, or it ended without.
    pub ended: Duration,
    /// Whether its run was identified, or how it ended without.
    pub result: Result<Identified, Error>,
    /// How it waited for its run, if it did.
    pub waited: Option<Waited>,
    /// What it reported, and when.
    pub events: Vec<(Duration, Event)>,
    /// Bytes of bodies that it read.
    pub received: usize,
    /// The most bytes of memory that it held at once.
    pub most_held: usize,
    /// What its `post` step said of what it left behind, if it did.
    pub post: Option<String>,
}

/// How a wait went.
#[derive(Debug)]
pub struct Waited {
    /// When it ended.
    pub ended: Duration,
    /// How it ended.
    pub result: Result<Ended, Error>,
}

impl Call {
    /// When it was cancelled, if that was before it ended.
    #[must_use]
    pub fn cancelled(&self) -> Option<Duration> {
        let ended = self
            .waited
            .as_ref()
            .map_or(self.ended, |waited| waited.ended);
        let cancelled = self.began + self.program.cancelled_after?;
        (cancelled <= ended).then_some(cancelled)
    }

    /// The end of its run, as it was told, and when.
    #[must_use]
    pub fn end(&self) -> Option<(Duration, &Ended)> {
        self.events.iter().find_map(|(at, event)| match event {
            Event::Ended(ended) => Some((*at, ended)),
            _ => None,
        })
    }

    /// Its number.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.program.view.number
    }

    /// When it had to end.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        self.began + Duration::from_secs(self.program.timeout)
    }
}

impl Story {
    /// How old the answer to a request was.
    #[must_use]
    pub fn age_of(&self, exchange: &Exchange) -> Duration {
        let faults = &self.plan.scenario.faults;
        let fault = exchange.fault.and_then(|fault| faults.get(fault));
        match fault.map(|fault| (&fault.effect, fault.from)) {
            Some((Effect::Stale { seconds }, _)) => Duration::from_secs_f64(*seconds),
            Some((Effect::FallsBehind { by }, from)) => {
                let arrived = exchange.arrived.unwrap_or(exchange.sent);
                arrived
                    .saturating_sub(Duration::from_secs_f64(from))
                    .mul_f64(*by)
            }
            _ => Duration::ZERO,
        }
    }

    /// Lets a plan happen.
    #[must_use]
    pub fn of(plan: Plan) -> Self {
        let network = Network::new(GitHub::new(plan.scenario.clone()));
        let calls: FuturesOrdered<_> = plan
            .programs
            .iter()
            .map(|program| {
                let base = plan.scenario.api_base().to_owned();
                carry_out(Rc::clone(&network), program.clone(), base)
            })
            .collect();
        let calls = network.clock().block_on(calls.collect());
        let mut github = network.take_github();
        let runs = github.runs(network.clock().now() + GRACE);
        let requests = github.requests().to_vec();
        let mut exchanges = network.take_exchanges();
        for exchange in &mut exchanges {
            // Only now: it may have taken effect long after its answer was lost.
            exchange.created = exchange.number.and_then(|number| requests[number].created);
        }
        Self {
            plan,
            calls,
            runs,
            requests,
            exchanges,
        }
    }

    /// The runs that this call's dispatches created, oldest first.
    pub fn runs_of(&self, call: &Call) -> impl Iterator<Item = &RunFacts> {
        let number = call.number();
        self.runs
            .iter()
            .filter(move |run| run.client == Some(number))
    }

    /// The requests that this call sent.
    pub fn exchanges_of(&self, call: &Call) -> impl Iterator<Item = &Exchange> {
        let number = call.number();
        self.exchanges
            .iter()
            .filter(move |exchange| exchange.program == number)
    }

    /// Whether a URL is the API's.
    #[must_use]
    pub fn is_api(&self, url: &str) -> bool {
        url.strip_prefix(self.plan.scenario.api_base())
            .is_some_and(|rest| rest.starts_with('/'))
    }
}

async fn carry_out(network: Rc<Network>, program: Program, api_url: String) -> Call {
    network.clock().sleep(program.starts).await;
    let world = World::on(&network, program.view);
    let began = network.clock().now();
    if let Some(after) = program.cancelled_after {
        world.cancel_at(began + after);
    }
    let settings = Settings::new(
        &inputs(&program, &api_url),
        &Caller::default(),
        world.draw(),
    );
    let (outcome, most_held) = match &settings {
        Ok(settings) => Noted::of(program.view.number, call_and_wait(&world, settings)).await,
        Err(error) => (Err(error.clone()), 0),
    };
    let now = network.clock().now();
    let events = world.take_timed_events();
    let identified = events.iter().find_map(|(at, event)| match event {
        Event::Identified(identified) => Some((*at, identified.clone())),
        _ => None,
    });
    let post = match (&settings, left_behind(&events)) {
        (Ok(settings), Some(left)) => Some(abandon(&world, settings, &left).await),
        _ => None,
    };
    let (ended, result, waited) = match (identified, outcome) {
        (Some((at, identified)), outcome) => {
            let waited = outcome
                .transpose()
                .map(|result| Waited { ended: now, result });
            (at, Ok(identified), waited)
        }
        (None, Err(error)) => (now, Err(error), None),
        (None, Ok(_)) => {
            let error = Error::new(Code::TimedOut, "a call succeeded that never named its run");
            (now, Err(error), None)
        }
    };
    Call {
        post,
        began,
        ended,
        result,
        waited,
        events,
        received: world.received(),
        most_held,
        program,
    }
}

/// What a `post` step has to go on with.
#[must_use]
pub fn left_behind(events: &[(Duration, Event)]) -> Option<Left> {
    let mut left = Left::default();
    let mut is_left = false;
    for (_, event) in events {
        match event {
            Event::Sought { distinct_id } => left.sought = Some(distinct_id.clone()),
            Event::Following {
                run_id,
                cancel_on_cancel: true,
                ..
            } => {
                left.run_id = Some(*run_id);
                left.sought = None;
            }
            Event::Attempt { number } => left.attempt = Some(*number),
            Event::LeftBehind {
                run_id,
                quiet_seconds,
            } => {
                left.run_id = run_id.or(left.run_id);
                left.quiet = Duration::from_secs(*quiet_seconds);
                is_left = true;
            }
            _ => {}
        }
    }
    is_left.then_some(left)
}

fn inputs(program: &Program, api_url: &str) -> Inputs {
    let mut inputs = Inputs {
        token: "ghs_simulated".into(),
        repo: "octo/receiver".into(),
        workflow: program.workflow.into(),
        workflow_inputs: r#"{ "environment": "staging" }"#.into(),
        workflow_timeout_seconds: program.timeout.to_string().as_str().into(),
        api_url: api_url.into(),
        ..Inputs::default()
    };
    if let Some(git_ref) = program.git_ref {
        inputs.r#ref = git_ref.into();
    }
    if let Some(id) = &program.distinct_id {
        inputs.distinct_id = id.as_str().into();
    }
    if !program.sends_id {
        inputs.distinct_id_input = "".into();
    }
    if let Some(waits) = &program.waits {
        let text = |value: bool| if value { "true" } else { "false" }.into();
        let seconds = |value: u64| value.to_string().as_str().into();
        inputs.wait = text(true);
        inputs.wait_timeout_seconds = seconds(waits.timeout.unwrap_or(0));
        inputs.cancel_on_timeout = text(waits.cancel_on_timeout);
        inputs.cancel_on_cancel = text(waits.cancel_on_cancel);
        inputs.fail_on_unsuccessful = text(waits.fail_on_unsuccessful);
        inputs.logs = waits.logs.into();
        if let Some(interval) = waits.interval {
            inputs.poll_interval_seconds = seconds(interval);
        }
    }
    inputs
}
