//! What happens by itself: the past, other people's runs, runs that dispatch runs.

use std::collections::BTreeMap;

use super::{Arrival, BOT, GitHub, JobPlace, SOMEBODY};
use crate::{
    answer::Version,
    dispatch::Order,
    facts::{DispatchedBy, Origin},
    gitea,
    http::Request,
    payload::COMMIT_MESSAGE,
    plan::{Plan, StepKind},
    profile::Family,
    run::{Attempt, Reference, Run, Scope},
    scenario::Crowd,
    template,
    time::Moment,
    workflow::Conclusion,
};

/// Seconds, at least, between the runs of history.
const BETWEEN_HISTORY: f64 = 60.0;

/// Where a run's own templates stand.
const FIRST: Scope<'static> = Scope {
    attempt: 1,
    value: None,
};

/// Something that is going to happen.
#[derive(Debug)]
pub(super) enum Event {
    Create(Box<NewRun>),
    /// A step that dispatches starts.
    StepStarts {
        place: JobPlace,
        step: usize,
    },
    /// Somebody re-runs a run after its attempt of this number.
    Rerun {
        run: usize,
        after_attempt: u32,
    },
    /// A request takes effect whose answer was lost long ago.
    TakesEffect(Box<Postponed>),
}

/// A request that takes effect later.
#[derive(Debug)]
pub(super) struct Postponed {
    client: u32,
    request: Request,
    origin: Origin,
    path: String,
    /// Its place in the list of requests.
    number: usize,
}

/// A run to create.
#[derive(Debug, Clone)]
pub(super) struct NewRun {
    pub(super) id: Option<u64>,
    pub(super) repository: usize,
    pub(super) workflow: usize,
    pub(super) inputs: BTreeMap<String, String>,
    pub(super) event: String,
    pub(super) reference: Reference,
    pub(super) actor: String,
    pub(super) dispatched_by: DispatchedBy,
}

impl NewRun {
    fn somebodys(
        repository: usize,
        workflow: usize,
        inputs: BTreeMap<String, String>,
        reference: Reference,
    ) -> Self {
        Self {
            id: None,
            repository,
            workflow,
            inputs,
            event: "workflow_dispatch".into(),
            reference,
            actor: SOMEBODY.into(),
            dispatched_by: DispatchedBy::Crowd,
        }
    }
}

impl GitHub {
    /// Creates history, and plans or creates the runs that exist.
    pub(super) fn prepare_past(&mut self) {
        let mut past: Vec<(Moment, NewRun)> = Vec::new();
        let mut moment = Moment::START;
        for _ in 0..self.scenario.history {
            let Some(repository) = self.scenario.repositories.first() else {
                break;
            };
            let Some(workflow) = repository.workflows.first() else {
                break;
            };
            // Each ends before the next one starts.
            let plan = Plan::of(workflow, Moment::START);
            let length = plan.ended.since_start().as_secs_f64();
            let pause = BETWEEN_HISTORY * (1.0 + self.random.fraction());
            moment = moment.plus(-length - workflow.listing_delay - pause);
            let reference = repository.default_reference();
            let id = self.random.uuid();
            let inputs = self.plausible_inputs(0, 0, &id);
            past.push((moment, NewRun::somebodys(0, 0, inputs, reference)));
        }
        for existing in self.scenario.existing_runs.clone() {
            let Some((repository, workflow)) = self.scenario.find_existing(&existing) else {
                continue;
            };
            let definition = &self.scenario.repositories[repository];
            let reference = definition.default_reference();
            let mut run = NewRun::somebodys(repository, workflow, existing.inputs, reference);
            run.id = existing.id;
            run.event = existing.event.unwrap_or(run.event);
            past.push((Moment::START.plus(existing.created_at), run));
        }
        past.sort_by_key(|(moment, _)| *moment);
        for (moment, run) in past {
            if moment <= Moment::START {
                self.create(run, moment);
            } else {
                self.plan(moment, Event::Create(Box::new(run)));
            }
        }
    }

    /// Creates the runs of other people before a client's, and plans those after it.
    pub(super) fn crowd_in(&mut self, crowd: &Crowd, client: &NewRun, now: Moment) {
        // Older runs keep lower IDs, so nobody gets in between those that exist.
        let newest = self.runs.iter().map(|run| run.latest().started).max();
        let earliest = newest.unwrap_or(Moment::START).max(Moment::START);
        let mut before: Vec<Moment> = (0..crowd.before)
            .map(|_| now.plus(-crowd.spread_seconds * self.random.fraction()))
            .map(|moment| moment.max(earliest).min(now))
            .collect();
        before.sort_unstable();
        for moment in before {
            let run = self.somebodys(crowd, client);
            self.create(run, moment);
        }
        for _ in 0..crowd.after {
            let moment = now.plus(crowd.spread_seconds * self.random.fraction());
            let run = self.somebodys(crowd, client);
            self.plan(moment, Event::Create(Box::new(run)));
        }
    }

    /// Somebody else's run of the workflow that a client dispatches.
    fn somebodys(&mut self, crowd: &Crowd, client: &NewRun) -> NewRun {
        let id = self.random.uuid();
        let mut inputs = self.plausible_inputs(client.repository, client.workflow, &id);
        for (name, text) in &crowd.inputs {
            let value = template::fill(text, |name| (name == "crowd.id").then(|| id.clone()));
            inputs.insert(name.clone(), value);
        }
        NewRun {
            id: None,
            inputs,
            actor: SOMEBODY.into(),
            dispatched_by: DispatchedBy::Crowd,
            ..client.clone()
        }
    }

    /// Inputs that the workflow accepts, with this distinct ID.
    fn plausible_inputs(
        &self,
        repository: usize,
        workflow: usize,
        id: &str,
    ) -> BTreeMap<String, String> {
        let declared = &self.scenario.repositories[repository].workflows[workflow].inputs;
        let value = |(name, input): (&String, &crate::workflow::Input)| {
            let value = if name == "distinct_id" {
                id.to_owned()
            } else {
                let options = input.options.as_ref();
                input
                    .default
                    .clone()
                    .or_else(|| options.and_then(|options| options.first().cloned()))
                    .unwrap_or_default()
            };
            (name.clone(), value)
        };
        declared.iter().map(value).collect()
    }

    /// Lets everything happen that happens by itself until `now`.
    pub(super) fn advance(&mut self, now: Moment) {
        while let Some(entry) = self.future.first_entry() {
            let (moment, _) = *entry.key();
            if moment > now {
                break;
            }
            match entry.remove() {
                Event::Create(run) => {
                    self.create(*run, moment);
                }
                Event::StepStarts { place, step } => self.dispatch_from(place, step, moment),
                Event::Rerun { run, after_attempt } => self.rerun(run, after_attempt, moment),
                Event::TakesEffect(postponed) => self.take_effect(&postponed, moment),
            }
        }
    }

    /// Lets the request at hand take effect later.
    pub(super) fn postpone(&mut self, arrival: &Arrival<'_>, seconds: f64) {
        let postponed = Postponed {
            client: self.client,
            request: arrival.request.clone(),
            origin: arrival.origin,
            path: arrival.path.to_owned(),
            number: self.requests.len(),
        };
        let moment = arrival.now.plus(seconds);
        self.plan(moment, Event::TakesEffect(Box::new(postponed)));
    }

    fn take_effect(&mut self, postponed: &Postponed, now: Moment) {
        self.client = postponed.client;
        self.created = None;
        self.answer(&Arrival {
            request: &postponed.request,
            origin: postponed.origin,
            path: &postponed.path,
            now,
            seen: now,
            disorder: None,
        });
        if let Some(facts) = self.requests.get_mut(postponed.number) {
            facts.created = self.created;
        }
    }

    pub(super) fn plan(&mut self, moment: Moment, event: Event) {
        self.planned += 1;
        self.future.insert((moment, self.planned), event);
    }

    pub(super) fn create(&mut self, new: NewRun, created: Moment) -> usize {
        let index = self.runs.len();
        let id = new.id.unwrap_or_else(|| self.new_run_id());
        self.next_run_id = self.next_run_id.max(id + 1);
        let numbered = (!self.profile.numbers_by_repository).then_some(new.workflow);
        let number = self
            .numbers
            .entry((new.repository, numbered))
            .and_modify(|number| *number += 1)
            .or_insert(1);
        let workflow = &self.scenario.repositories[new.repository].workflows[new.workflow];
        let mut run = Run {
            id,
            repository: new.repository,
            workflow: new.workflow,
            number: *number,
            inputs: new.inputs,
            event: new.event,
            reference: new.reference,
            attempts: vec![Attempt::new(1, created, new.actor.clone())],
            actor: new.actor,
            dispatched_by: new.dispatched_by,
            created,
            visible: if self.profile.lists_at_once {
                created
            } else {
                created.plus(workflow.listing_delay)
            },
            deletion: None,
            deleted: None,
            reruns: Vec::new(),
            group: None,
            client: None,
            cancelled_by: None,
            title: String::new(),
        };
        run.title = workflow
            .run_name
            .as_ref()
            .map(|template| run.fill(workflow, FIRST, template))
            .filter(|title| !title.trim().is_empty())
            .unwrap_or_else(|| match run.event.as_str() {
                "workflow_dispatch" if !self.profile.titles_by_commit => workflow.display_name(),
                _ => COMMIT_MESSAGE.into(),
            });
        run.group = workflow
            .concurrency
            .as_ref()
            .map(|concurrency| run.fill(workflow, FIRST, &concurrency.group).to_lowercase());
        self.run_by_id.insert(id, index);
        self.runs.push(run);
        self.start_attempt(index);
        index
    }

    /// Plans the latest attempt at a run.
    pub(super) fn start_attempt(&mut self, index: usize) {
        let begins = self.turn_of(index, self.runs[index].latest().started);
        let run = &mut self.runs[index];
        run.latest_mut().begins = begins;
        let workflow = &self.scenario.repositories[run.repository].workflows[run.workflow];
        run.replan(workflow, &self.profile);
        let attempt = run.attempts.len() - 1;
        let jobs = run.latest().plan.jobs.len();
        for job in 0..jobs {
            let kept = self.runs[index].attempts[0].job_ids.get(job).copied();
            let id = match kept.filter(|_| self.profile.jobs_keep_ids) {
                Some(id) => id,
                None => self.new_job_id(),
            };
            self.runs[index].latest_mut().job_ids.push(id);
            let place = JobPlace {
                run: index,
                attempt,
                job,
            };
            self.job_by_id.insert(id, place);
        }
        self.plan_steps(index);
        self.settle(index);
    }

    /// The next ID: IDs grow, with gaps, because other repositories have runs too.
    fn new_run_id(&mut self) -> u64 {
        loop {
            self.next_run_id += 1 + self.random.below(self.profile.run_ids.gap);
            let taken = |id: u64| {
                let mut existing = self.scenario.existing_runs.iter();
                existing.any(|run| run.id == Some(id))
            };
            if !taken(self.next_run_id) {
                return self.next_run_id;
            }
        }
    }

    fn new_job_id(&mut self) -> u64 {
        self.next_job_id += 1 + self.random.below(self.profile.job_ids.gap);
        self.next_job_id
    }

    /// Plans what the steps of a run's latest attempt are going to dispatch.
    pub(super) fn plan_steps(&mut self, run: usize) {
        let mut dispatching = Vec::new();
        let workflow = self.workflow(&self.runs[run]);
        let attempt = self.runs[run].attempts.len() - 1;
        for (job, plan) in self.runs[run].latest().plan.jobs.iter().enumerate() {
            for step in &plan.steps {
                if let StepKind::Defined(index) = step.kind
                    && workflow.jobs[plan.definition].steps[index]
                        .dispatches
                        .is_some()
                    && step.conclusion != Conclusion::Skipped
                    && (Moment::START..Moment::NEVER).contains(&step.started)
                {
                    let place = JobPlace { run, attempt, job };
                    dispatching.push((step.started, Event::StepStarts { place, step: index }));
                }
            }
        }
        for (moment, event) in dispatching {
            self.plan(moment, event);
        }
    }

    /// Lets a step that starts dispatch its run, unless its own run has been cancelled before.
    fn dispatch_from(&mut self, place: JobPlace, step: usize, moment: Moment) {
        let parent = &self.runs[place.run];
        let workflow = self.workflow(parent);
        let attempt = &parent.attempts[place.attempt];
        let Some(job) = attempt.plan.jobs.get(place.job) else {
            return;
        };
        let still_planned = job.steps.iter().any(|planned| {
            planned.kind == StepKind::Defined(step)
                && planned.started == moment
                && planned.conclusion != Conclusion::Skipped
        });
        let repository = self.repository_of(parent);
        let Some(dispatch) = workflow.jobs[job.definition].steps[step]
            .dispatches
            .as_ref()
            .filter(|_| still_planned)
        else {
            return;
        };
        let Some(target) = repository.workflow(&dispatch.workflow) else {
            return;
        };
        let scope = Scope {
            attempt: attempt.number,
            value: job.value.as_deref(),
        };
        let inputs: serde_json::Map<_, _> = dispatch
            .inputs
            .iter()
            .map(|(name, text)| (name.clone(), parent.fill(workflow, scope, text).into()))
            .collect();
        let body = serde_json::json!({ "ref": repository.default_branch, "inputs": inputs });
        let accepted = match self.profile.family {
            Family::GitHub => Order::check(
                body.to_string().as_bytes(),
                Version::V2022,
                &self.profile,
                repository,
                &repository.workflows[target],
            )
            .map(|order| (order.reference, order.inputs))
            .ok(),
            Family::Gitea(_) => {
                let request = Request::new("POST", String::new())
                    .with_header("Content-Type", "application/json")
                    .with_body(body.to_string());
                gitea::Order::check(&request, &dispatch.workflow, repository)
                    .map(|order| (order.reference, order.inputs))
                    .ok()
            }
        };
        // Refused, it only fails for the step, which nobody looks at.
        let Some((reference, inputs)) = accepted else {
            return;
        };
        let actor = if dispatch.keeps_actor {
            parent.actor.clone()
        } else {
            BOT.into()
        };
        let child = NewRun {
            id: None,
            repository: parent.repository,
            workflow: target,
            inputs,
            event: "workflow_dispatch".into(),
            reference,
            actor,
            dispatched_by: DispatchedBy::Run { id: parent.id },
        };
        self.create(child, moment);
    }
}
