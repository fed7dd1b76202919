//! What is new among the jobs and steps of a run since they were last read.

use crate::event::Event;
use crate::github::{Job, Step};
use crate::time::ServerTime;

/// What has been told of a run's jobs and steps. A re-run has other jobs, so it
/// begins anew by itself.
#[derive(Debug, Default)]
pub(super) struct Told {
    jobs: Vec<ToldJob>,
    /// Whether the beginning of a step is told, too: lines on paper tell of ends
    /// alone, a view that is drawn anew has room for more.
    with_beginnings: bool,
}

/// What has been told of a job.
#[derive(Debug)]
struct ToldJob {
    id: u64,
    state: String,
    /// Steps that have ended, by their numbers, and how.
    steps: Vec<(u64, String)>,
}

impl Told {
    /// Nothing has been told.
    pub fn new(with_beginnings: bool) -> Self {
        Self {
            jobs: Vec::new(),
            with_beginnings,
        }
    }

    /// What is new, in the order of the jobs and steps.
    pub fn news<'j>(&mut self, jobs: impl IntoIterator<Item = &'j Job>) -> Vec<Event> {
        let mut news = Vec::new();
        for job in jobs {
            let state = state(job.status.as_deref(), job.conclusion.as_deref());
            let with_beginnings = self.with_beginnings;
            let told = self.of(job);
            let is_news = told.takes(state);
            if is_news && !job.is_completed() {
                news.push(job_event(job, state));
            }
            let steps = job.steps.iter();
            news.extend(steps.filter_map(|step| told.news_of_step(job, step, with_beginnings)));
            if is_news && job.is_completed() {
                news.push(job_event(job, state));
            }
        }
        news
    }

    fn of(&mut self, job: &Job) -> &mut ToldJob {
        let known = self.jobs.iter().position(|told| told.id == job.id);
        let at = known.unwrap_or_else(|| {
            self.jobs.push(ToldJob {
                id: job.id,
                state: "queued".to_owned(),
                steps: Vec::new(),
            });
            self.jobs.len() - 1
        });
        &mut self.jobs[at]
    }
}

impl ToldJob {
    /// That a job is queued is the rule; only what happens to it is news. What an
    /// older answer shows has been told.
    fn takes(&mut self, state: &str) -> bool {
        let how_far = |state: &str| match state {
            "queued" | "pending" | "requested" => 0,
            "waiting" => 1,
            "in_progress" => 2,
            // How it ended is not known yet.
            "completed" => 3,
            _ => 4,
        };
        let now = how_far(state);
        let is_news = now > 0 && now >= how_far(&self.state) && self.state != state;
        if is_news {
            state.clone_into(&mut self.state);
        }
        is_news
    }

    /// A step is told once it has ended, and once it has begun where that is asked for.
    fn news_of_step(&mut self, job: &Job, step: &Step, with_beginnings: bool) -> Option<Event> {
        let state = match step.status.as_deref() {
            Some(over @ "completed") => step.conclusion.as_deref().unwrap_or(over),
            Some(running @ "in_progress") if with_beginnings => running,
            _ => return None,
        };
        let told = (step.number, state.to_owned());
        // What an older answer shows has been told. That it has ended is, once, also where
        // it is known only later how.
        let known = self.steps.iter().filter(|(number, _)| *number == told.0);
        let mut known = known.map(|(_, state)| &**state).peekable();
        let is_older = match state {
            "in_progress" => known.peek().is_some(),
            "completed" => known.any(|state| state != "in_progress"),
            _ => known.any(|state| state == "completed"),
        };
        if is_older || self.steps.contains(&told) {
            return None;
        }
        self.steps.push(told.clone());
        Some(Event::Step {
            job_id: job.id,
            job: job.name.clone(),
            name: step.name.clone(),
            conclusion: told.1,
            seconds: length(step.started_at, step.completed_at),
        })
    }
}

fn job_event(job: &Job, state: &str) -> Event {
    Event::Job {
        id: job.id,
        name: job.name.clone(),
        state: state.to_owned(),
        url: job.html_url.clone().unwrap_or_default(),
        seconds: length(job.started_at, job.completed_at),
    }
}

/// How something ended, or what it is in the meantime.
fn state<'t>(status: Option<&'t str>, conclusion: Option<&'t str>) -> &'t str {
    match status {
        Some("completed") => conclusion.unwrap_or("completed"),
        status => status.unwrap_or("queued"),
    }
}

/// Seconds between two times, where both are known.
pub(super) fn length(began: Option<ServerTime>, ended: Option<ServerTime>) -> Option<u64> {
    Some(ended?.since(began?).as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(status: &str, conclusion: Option<&str>, steps: &[(&str, Option<&str>)]) -> Job {
        let step = |(number, (status, conclusion)): (usize, &(&str, Option<&str>))| Step {
            name: format!("step {number}"),
            status: Some((*status).into()),
            conclusion: conclusion.map(Into::into),
            number: number as u64,
            started_at: Some(ServerTime::from_unix(10)),
            completed_at: Some(ServerTime::from_unix(13)),
        };
        Job {
            run_attempt: None,
            id: 1,
            name: "build".into(),
            status: Some(status.into()),
            conclusion: conclusion.map(Into::into),
            started_at: None,
            completed_at: None,
            html_url: None,
            steps: steps.iter().enumerate().map(step).collect(),
        }
    }

    fn told(news: &[Event]) -> Vec<String> {
        let text = |event: &Event| match event {
            Event::Job { name, state, .. } => format!("{name} {state}"),
            Event::Step {
                name,
                conclusion,
                seconds,
                ..
            } => format!("{name} {conclusion} {seconds:?}"),
            other => panic!("{other:?}"),
        };
        news.iter().map(text).collect()
    }

    #[test]
    fn each_transition_is_told_once() {
        let mut known = Told::default();
        let mut news = |job: Job| told(&known.news(&[job]));
        assert!(news(job("queued", None, &[])).is_empty());
        let running = job("in_progress", None, &[("in_progress", None)]);
        assert_eq!(news(running.clone()), ["build in_progress"]);
        assert!(news(running).is_empty());
        let steps = [("completed", Some("success")), ("in_progress", None)];
        let further = job("in_progress", None, &steps);
        assert_eq!(news(further), ["step 0 success Some(3)"]);
        let steps = [
            ("completed", Some("success")),
            ("completed", Some("failure")),
        ];
        let done = job("completed", Some("failure"), &steps);
        assert_eq!(
            news(done.clone()),
            ["step 1 failure Some(3)", "build failure"]
        );
        assert!(news(done).is_empty());
    }

    #[test]
    fn that_a_step_has_begun_is_told_where_it_is_asked_for() {
        let mut known = Told::new(true);
        let mut news =
            |steps: &[(&str, Option<&str>)]| told(&known.news(&[job("in_progress", None, steps)]));
        let begun = [("in_progress", None), ("queued", None)];
        let ended = [("completed", Some("success")), ("in_progress", None)];
        assert_eq!(
            news(&begun),
            ["build in_progress", "step 0 in_progress Some(3)"]
        );
        assert!(news(&begun).is_empty());
        assert_eq!(
            news(&ended),
            ["step 0 success Some(3)", "step 1 in_progress Some(3)"]
        );
        // An older answer.
        assert!(news(&begun).is_empty());
        // Between two looks it has begun and ended.
        let mut known = Told::new(true);
        let job = job("in_progress", None, &ended[..1]);
        assert_eq!(
            told(&known.news(&[job])),
            ["build in_progress", "step 0 success Some(3)"]
        );
    }

    #[test]
    fn an_end_of_which_it_is_known_only_later_how_is_told_once() {
        let mut known = Told::new(true);
        let mut news = |status: &str, conclusion: Option<&str>, steps: &[(&str, Option<&str>)]| {
            told(&known.news(&[job(status, conclusion, steps)]))
        };
        let steps = [("completed", None), ("in_progress", None)];
        assert_eq!(
            news("in_progress", None, &steps),
            [
                "build in_progress",
                "step 0 completed Some(3)",
                "step 1 in_progress Some(3)"
            ]
        );
        let steps = [
            ("completed", Some("success")),
            ("completed", Some("success")),
        ];
        assert_eq!(
            news("completed", Some("success"), &steps),
            ["step 1 success Some(3)", "build success"]
        );
    }

    #[test]
    fn an_older_answer_that_does_not_say_how_something_ended_is_no_news() {
        let mut known = Told::default();
        let mut news = |conclusion: Option<&str>, of_step: Option<&str>| {
            let steps = [("completed", of_step)];
            told(&known.news(&[job("completed", conclusion, &steps)]))
        };
        assert_eq!(
            news(None, Some("success")),
            ["step 0 success Some(3)", "build completed"]
        );
        assert_eq!(news(Some("success"), Some("success")), ["build success"]);
        assert!(news(None, None).is_empty());
        assert!(news(Some("success"), Some("success")).is_empty());
    }

    #[test]
    fn what_happened_between_two_looks_is_told_in_its_order() {
        let steps = [
            ("completed", Some("success")),
            ("completed", Some("skipped")),
        ];
        let done = job("completed", Some("success"), &steps);
        assert_eq!(
            told(&Told::default().news(&[done])),
            [
                "step 0 success Some(3)",
                "step 1 skipped Some(3)",
                "build success"
            ]
        );
    }
}
