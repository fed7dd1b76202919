//! A world for the core in which nothing is real: the embedded GitHub as the
//! network, and time that passes only where the core waits.

mod fidelity;

use std::time::Duration;

use return_dispatch::abandon;
use return_dispatch::event::{self, Event, Identified};
use return_dispatch::settings::{Caller, Inputs};
use return_dispatch::{Error, Settings, call, call_and_wait};
use simulation::story::left_behind;
use simulator::{
    Conclusion, Crowd, Dispatch, DispatchedBy, Effect, ExistingRun, GitHub, Job, Repository,
    RequestFacts, RunFacts, Scenario, Server, Step, Workflow,
};

pub use simulation::world::World;

/// The token of the scenarios.
pub const TOKEN: &str = "ghs_simulated";

/// Where a receiver shows the distinct ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    InTitle,
    InStepName,
    InLog,
    InArchiveOnly,
    Nowhere,
}

impl Shown {
    /// The ways that lead to the run.
    pub const FINDABLE: [Self; 4] = [
        Self::InTitle,
        Self::InStepName,
        Self::InLog,
        Self::InArchiveOnly,
    ];

    /// What `identified_by` says of it.
    pub fn clue(self) -> &'static str {
        match self {
            Self::InTitle => "title",
            Self::InStepName => "step",
            Self::InLog | Self::InArchiveOnly => "log",
            Self::Nowhere => "nothing",
        }
    }

    /// A receiver, `ci.yml`, of two jobs: `announce` shows the ID, `build` takes
    /// its time.
    pub fn receiver(self) -> Workflow {
        let id = "${{ inputs.distinct_id }}";
        let quiet = Step::run("true").named("announce").taking(2.0);
        let (run_name, step) = match self {
            Self::InTitle => (Some(format!("Deploy [{id}]")), quiet),
            Self::InStepName => (None, quiet.named(format!("call {id}"))),
            Self::InLog | Self::InArchiveOnly => (None, quiet.printing(format!("ID: {id}"))),
            Self::Nowhere => (None, quiet),
        };
        let mut announce = Job::new("announce", [step]);
        if self == Self::InArchiveOnly {
            announce.logs = simulator::Logs::Missing;
        }
        let build = Job::new("build", [Step::run("make").taking(20.0)]).needing("announce");
        let mut workflow = Workflow::new("ci.yml")
            .with_input("distinct_id")
            .with_input("environment")
            .with_jobs([announce, build]);
        workflow.run_name = run_name;
        workflow
    }
}

/// Adds runs of another workflow, which show after a dispatch that lists are current.
pub fn with_newer_runs(mut scenario: Scenario) -> Scenario {
    let other = Workflow::new("other.yml").with_jobs([Job::new("lint", [Step::run("true")])]);
    scenario.repositories[0].workflows.push(other);
    for created_at in [40.0, 100.0, 160.0, 220.0] {
        scenario = scenario.with_existing_run(ExistingRun {
            workflow: "other.yml".into(),
            event: Some("push".into()),
            created_at,
            ..ExistingRun::default()
        });
    }
    scenario
}

/// The distinct ID, as a receiver writes it.
const DISTINCT_ID: &str = "${{ inputs.distinct_id }}";

/// A receiver whose run first dispatches the same workflow with the same ID,
/// and then shows it in this step or title.
pub fn passing_on(shown: Step, run_name: Option<String>) -> Workflow {
    let mut dispatch = Dispatch {
        workflow: "ci.yml".into(),
        ..Dispatch::default()
    };
    dispatch
        .inputs
        .insert("distinct_id".into(), DISTINCT_ID.into());
    let mut w = Workflow::new("ci.yml")
        .with_input("distinct_id")
        .with_jobs([Job::new(
            "announce",
            [
                Step::run("gh")
                    .named("pass on")
                    .dispatching(dispatch)
                    .taking(5.0),
                shown,
            ],
        )]);
    w.queue_delay = 0.5;
    w.run_name = run_name;
    w
}

/// A scenario with one receiver.
pub fn scenario(server: Server, receiver: Workflow) -> Scenario {
    Scenario::on(server)
        .with_seed(7)
        .with_repository(Repository {
            tags: vec!["v1".into()],
            branches: vec!["main".into(), "next".into()],
            ..Repository::default()
        })
        .with_workflows([receiver])
}

/// Other people's runs of the same workflow at the same moment.
pub fn crowd(before: usize, after: usize, spread_seconds: f64) -> Crowd {
    Crowd {
        before,
        after,
        spread_seconds,
        ..Crowd::default()
    }
}

/// A fault: this answer instead of the server's own.
pub fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Effect {
    Effect::Answer {
        status,
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: body.to_owned(),
    }
}

/// The inputs of a plain call of `ci.yml` at `main`.
pub fn inputs(scenario: &Scenario) -> Inputs {
    Inputs {
        token: TOKEN.into(),
        repo: "octo/receiver".into(),
        workflow: "ci.yml".into(),
        r#ref: "main".into(),
        api_url: scenario.api_base().into(),
        workflow_timeout_seconds: "120".into(),
        ..Inputs::default()
    }
}

/// How a call ended, and everything about it.
pub struct Ended {
    pub result: Result<Identified, Error>,
    pub settings: Option<Settings>,
    pub events: Vec<Event>,
    /// Where the server differed from its description, as it is known to.
    pub differences: Vec<&'static str>,
    /// When it ended, since the start of the simulation.
    pub at: Duration,
    pub github: GitHub,
    pub world: World,
}

/// Calls in this scenario, with inputs as changed.
pub fn run(scenario: Scenario, change: impl FnOnce(&mut Inputs)) -> Ended {
    run_as(scenario, &Caller::default(), change)
}

/// How a call that waits ended.
pub struct Waited {
    pub result: Result<Option<event::Ended>, Error>,
    pub events: Vec<(Duration, Event)>,
    /// When it ended, since the start of the simulation.
    pub at: Duration,
    /// What its `post` step said of the run that it left behind, if it did.
    pub post: Option<String>,
    pub github: GitHub,
}

/// Calls and waits in this scenario, with inputs as changed, in a world as changed.
pub fn wait_in(
    scenario: Scenario,
    change: impl FnOnce(&mut Inputs),
    prepare: impl FnOnce(&World),
) -> Waited {
    let mut inputs = inputs(&scenario);
    inputs.wait = "true".into();
    change(&mut inputs);
    let described = scenario.clone();
    let world = World::new(GitHub::new(scenario));
    prepare(&world);
    world.network().record();
    let settings = Settings::new(&inputs, &Caller::default(), world.draw());
    let result = match &settings {
        Err(error) => Err(error.clone()),
        Ok(settings) => world
            .clock()
            .block_on(Box::pin(call_and_wait(&world, settings))),
    };
    let at = world.clock().now();
    let mut events = world.take_timed_events();
    let post = match (&settings, left_behind(&events)) {
        (Ok(settings), Some(left)) => Some(
            world
                .clock()
                .block_on(Box::pin(abandon(&world, settings, &left))),
        ),
        _ => None,
    };
    events.extend(world.take_timed_events());
    fidelity::assert_described(&described, &world.network().take_recording());
    Waited {
        result,
        events,
        at,
        post,
        github: world.take_github(),
    }
}

/// Calls and waits in this scenario.
pub fn wait(scenario: Scenario, change: impl FnOnce(&mut Inputs)) -> Waited {
    wait_in(scenario, change, |_| {})
}

impl Waited {
    /// What its `post` step said.
    pub fn post(&self) -> &str {
        self.post.as_deref().expect("something is left behind")
    }

    /// The run that has ended.
    pub fn ended(&self) -> &event::Ended {
        match &self.result {
            Ok(Some(ended)) => ended,
            other => panic!("no run ended: {other:?}"),
        }
    }

    /// The error.
    pub fn error(&self) -> &Error {
        match &self.result {
            Ok(ended) => panic!("the call succeeded: {ended:?}"),
            Err(error) => error,
        }
    }

    /// The run that the call's dispatch created, as it is then.
    pub fn run_at(&mut self, at: Duration) -> RunFacts {
        let mut runs = self.github.runs(at);
        runs.retain(|run| run.dispatched_by == DispatchedBy::Client);
        assert_eq!(runs.len(), 1, "exactly one run is dispatched: {runs:?}");
        runs.remove(0)
    }

    /// Requests with this method whose path contains this.
    pub fn count(&self, method: &str, path: &str) -> usize {
        let requests = self.github.requests().iter();
        requests
            .filter(|request| request.method == method && request.path.contains(path))
            .count()
    }
}

/// Calls as a step of this run.
pub fn run_as(scenario: Scenario, caller: &Caller, change: impl FnOnce(&mut Inputs)) -> Ended {
    run_in(scenario, caller, change, |_| {})
}

/// Calls as a step of this run, in a world as changed.
pub fn run_in(
    scenario: Scenario,
    caller: &Caller,
    change: impl FnOnce(&mut Inputs),
    prepare: impl FnOnce(&World),
) -> Ended {
    let mut inputs = inputs(&scenario);
    change(&mut inputs);
    let described = scenario.clone();
    let world = World::new(GitHub::new(scenario));
    prepare(&world);
    world.network().record();
    let (settings, result) = match Settings::new(&inputs, caller, world.draw()) {
        Err(error) => (None, Err(error)),
        Ok(settings) => {
            let result = world.clock().block_on(Box::pin(call(&world, &settings)));
            (Some(settings), result)
        }
    };
    let differences = fidelity::assert_described(&described, &world.network().take_recording());
    Ended {
        result,
        settings,
        differences,
        events: world.take_events(),
        at: world.clock().now(),
        github: world.take_github(),
        world,
    }
}

impl Ended {
    /// The runs that the call's own dispatches created.
    pub fn dispatched(&mut self) -> Vec<RunFacts> {
        let mut runs = self.github.runs(self.at);
        runs.retain(|run| run.dispatched_by == DispatchedBy::Client);
        runs
    }

    /// The one run that the call's dispatch created.
    pub fn only_run(&mut self) -> RunFacts {
        let mut runs = self.dispatched();
        assert_eq!(runs.len(), 1, "exactly one run is dispatched: {runs:?}");
        runs.remove(0)
    }

    /// The runs of this call that are not cancelled, long after its end.
    pub fn alive(&mut self) -> Vec<u64> {
        let mut runs = self.github.runs(self.at + Duration::from_mins(10));
        runs.retain(|run| {
            run.dispatched_by == DispatchedBy::Client
                && run.conclusion != Some(Conclusion::Cancelled)
        });
        runs.iter().map(|run| run.id).collect()
    }

    /// The identified run.
    pub fn identified(&self) -> &Identified {
        match &self.result {
            Ok(identified) => identified,
            Err(error) => panic!("the call failed: {error}"),
        }
    }

    /// The error.
    pub fn error(&self) -> &Error {
        match &self.result {
            Ok(identified) => panic!("the call succeeded: {identified:?}"),
            Err(error) => error,
        }
    }

    /// Asserts that exactly the dispatched run was identified, by this clue.
    pub fn assert_right(&mut self, by: &str) {
        let truth = self.only_run();
        let identified = self.identified().clone();
        assert_eq!(identified.run_id, truth.id, "the right run");
        // Those that were still under way when the ID was found have not arrived.
        let arrived = self.api_requests().len();
        let sent = identified.requests as usize;
        assert!(
            (arrived..arrived + 8).contains(&sent),
            "{sent} sent, {arrived} arrived"
        );
        let named = serde_json::to_value(identified.identified_by).unwrap();
        assert_eq!(named, by);
        // Gitea before 1.26 numbers its pages otherwise.
        let page = identified.run_url.rsplit_once("/runs/");
        let is_numbered = identified.run_url.starts_with("https://gitea.example/");
        assert!(
            page.is_some_and(|(_, id)| is_numbered || id == truth.id.to_string()),
            "{}",
            identified.run_url
        );
        assert!(
            identified
                .run_api_url
                .ends_with(&format!("/repos/octo/receiver/actions/runs/{}", truth.id)),
            "{}",
            identified.run_api_url
        );
    }

    /// Asserts that the run was identified within a second, or a twentieth of
    /// the time waited, of its clue being visible.
    pub fn assert_in_time(&mut self) {
        let truth = self.only_run();
        let id = self.identified().distinct_id.clone();
        let visible = self
            .github
            .clue_visible_at(truth.id, &id)
            .expect("the ID becomes visible");
        let late = self.at.saturating_sub(visible);
        let allowed = Duration::from_secs(1).max(visible.saturating_sub(truth.created_at) / 20);
        assert!(
            late <= allowed,
            "identified {late:?} after the clue was visible at {visible:?}; {allowed:?} is allowed"
        );
    }

    /// Requests to the API.
    pub fn api_requests(&self) -> Vec<&RequestFacts> {
        let requests = self.github.requests().iter();
        requests
            .filter(|request| request.origin == simulator::Origin::Api)
            .collect()
    }

    /// Requests with this method whose path contains this.
    pub fn count(&self, method: &str, path: &str) -> usize {
        let requests = self.github.requests().iter();
        requests
            .filter(|request| request.method == method && request.path.contains(path))
            .count()
    }
}
