//! Progress of a call. The core says what happened; every front end renders it
//! its own way.

use serde::Serialize;

/// How a run was identified; the output `identified_by`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum IdentifiedBy {
    /// The server's answer to the dispatch named the run.
    Response,
    /// The run's title shows the distinct ID.
    Title,
    /// A step's name shows it.
    Step,
    /// A line of a job's log shows it.
    Log,
}

/// The run that was dispatched.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Identified {
    /// The run's ID.
    pub run_id: u64,
    /// The run's page.
    pub run_url: String,
    /// The run in the API.
    pub run_api_url: String,
    /// The value that marks the call.
    pub distinct_id: String,
    /// By what it was identified.
    pub identified_by: IdentifiedBy,
    /// Requests to the API so far, this call's total.
    pub requests: u32,
    /// Time since the call began.
    pub seconds: f64,
}

/// A run that has ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ended {
    /// Its ID.
    pub run_id: u64,
    /// Its page.
    pub run_url: String,
    /// `completed`.
    pub status: String,
    /// `success`, `failure`, `cancelled`, …
    pub conclusion: String,
    /// Number of the attempt that ended so, from 1; `None` where only jobs tell it (Gitea) and they
    /// could not be read.
    pub attempt: Option<u64>,
    /// Seconds that this attempt took, where the server says so.
    pub seconds: Option<u64>,
    /// What it returned, as one JSON object.
    pub outputs: String,
    /// Requests to the API so far, this call's total.
    pub requests: u32,
    /// Of these, what counted against the rate limit.
    pub counted: u32,
}

/// A run that was to be cancelled, and has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cancelled {
    /// Its ID.
    pub run_id: u64,
    /// How it ended: `cancelled`, unless it was faster.
    pub conclusion: String,
    /// What became of it, for people.
    pub message: String,
}

/// A run that has ended, for people to look at.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Its ID.
    pub run_id: u64,
    /// Its page.
    pub run_url: String,
    /// How it ended.
    pub conclusion: String,
    /// Seconds that it took, where the server says so.
    pub seconds: Option<u64>,
    /// What it returned, as one JSON object.
    pub outputs: String,
    /// Its jobs.
    pub jobs: Vec<Span>,
}

/// A job or a step, in time. Times are seconds since 1970, by the server's clock.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Span {
    /// Its name.
    pub name: String,
    /// Its page; empty where there is none.
    pub url: String,
    /// How it ended.
    pub conclusion: String,
    /// When it began.
    pub began: Option<u64>,
    /// When it ended.
    pub ended: Option<u64>,
    /// Seconds that it took.
    pub seconds: Option<u64>,
    /// Of a job, its longest steps in their order.
    pub steps: Vec<Span>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Event {
    /// The settings are valid and the call has its distinct ID.
    Started {
        /// The value that marks the call.
        distinct_id: String,
    },
    /// The dispatch is about to be sent.
    Dispatching {
        /// `owner/name`.
        repository: String,
        /// File name or ID of the workflow.
        workflow: String,
        /// Branch or tag.
        r#ref: String,
        /// Names of the receiver's inputs, without their values.
        inputs: Vec<String>,
    },
    /// The server gives no run IDs; the distinct ID will identify the run.
    OlderServer {
        /// What it said.
        message: String,
    },
    /// The receiver does not declare the distinct ID's input, and need not:
    /// the dispatch is repeated without it.
    ReceiverWithoutDistinctId {
        /// The input's name.
        input: String,
    },
    /// The server accepted the dispatch but did not name the run.
    Dispatched {},
    /// The dispatch got no clear answer: it may or may not have happened. Its run is looked for.
    DispatchUnanswered {
        /// What happened instead.
        message: String,
    },
    /// The run will be identified by an ID that was supplied, on a server that does not name runs:
    /// as another call may have the same one, that takes two minutes at least.
    SuppliedId {},
    /// The runs have been looked through and what is known has changed.
    Looked {
        /// Runs that could be the one.
        candidates: usize,
        /// Job logs and archives read so far.
        logs: usize,
        /// Time since the dispatch.
        seconds: f64,
    },
    /// Something failed, and the call goes on.
    Trouble {
        /// What failed and why.
        message: String,
        /// Whether it is tried again.
        trying_again: bool,
    },
    /// Nothing is asked of the server for a while.
    Waiting {
        /// Why.
        reason: String,
        /// For how long.
        seconds: f64,
    },
    /// The dispatch that got no clear answer has not arrived: it is repeated.
    DispatchRepeated {
        /// How long no run showed the distinct ID.
        seconds: f64,
    },
    /// Two runs carry the distinct ID of a dispatch that was repeated.
    Duplicate {
        /// The earlier run.
        kept: u64,
        /// The later run.
        run_id: u64,
        /// The later run's page.
        run_url: String,
        /// Why it could not be cancelled; `None`: it is being cancelled.
        problem: Option<String>,
    },
    /// There may be two runs of a dispatch that was retried, as only one run is known to be this call's: no look is so
    /// long that the server could not act on the first dispatch, or show its run, after it.
    DuplicatePossible {
        /// The run that is known.
        kept: u64,
        /// Pages of the others that may be this call's, as far as these are known; IDs where
        /// they have none.
        runs: Vec<String>,
    },
    /// The run is identified.
    Identified(Identified),
    /// The run is waited for.
    Following {
        /// Its ID.
        run_id: u64,
        /// Its page; empty where the server does not say.
        run_url: String,
        /// Its place in the API.
        run_api_url: String,
        /// Whether it has to be cancelled if this step is killed meanwhile.
        cancel_on_cancel: bool,
    },
    /// A run has been dispatched, or may have been, and is looked for. It is to be
    /// cancelled with this step: if that is killed before the run is found, its
    /// `post` step goes on looking.
    Sought {
        /// The ID that it shows.
        distinct_id: String,
    },
    /// The run is not waited for any more, and whatever had to be done about it
    /// is done.
    Unfollowed {},
    /// The run is not waited for or looked for any more, but has to be cancelled
    /// and has not ended: the step's `post` step goes on with that.
    LeftBehind {
        /// Its ID, where that is known.
        run_id: Option<u64>,
        /// How much longer the server wants to be left alone, rounded up.
        quiet_seconds: u64,
    },
    /// The run waits for something before it can go on.
    RunWaits {
        /// For what.
        reason: String,
    },
    /// The run has been started again.
    Attempt {
        /// Number of the attempt.
        number: u64,
    },
    /// Something happened to a job of the run.
    Job {
        /// Its ID: several may have the same name.
        id: u64,
        /// Its name.
        name: String,
        /// How it ended (`success`, `failure`, …), or what it is (`in_progress`, `waiting`).
        state: String,
        /// Its page; empty where the server does not say.
        url: String,
        /// How long it took, once it has ended.
        seconds: Option<u64>,
    },
    /// A step of a job has ended, or has begun: that is told to programs alone.
    Step {
        /// The job's ID.
        job_id: u64,
        /// The job's name.
        job: String,
        /// Its name.
        name: String,
        /// How it ended, or `in_progress`; `completed` where the server does not say how.
        conclusion: String,
        /// How long it took, once it has ended.
        seconds: Option<u64>,
    },
    /// The run is asked to end.
    Cancelling {
        /// Its ID.
        run_id: u64,
        /// Whether it did not react before.
        force: bool,
    },
    /// The receiver's runner masks a secret in the distinct ID.
    IdMasked {},
    /// No distinct ID is given for the run that was waited for, so no values are read.
    ValuesNotRead {},
    /// A secret was masked in a value that the run returned.
    ValueMasked {
        /// The value's name.
        name: String,
    },
    /// A value that is said to be JSON is not; it is taken as text.
    ValueNotJson {
        /// The value's name.
        name: String,
    },
    /// The jobs of a run that has ended could not be read, so what they returned is missing.
    JobsMissing {
        /// Why.
        problem: String,
    },
    /// Logs could not be read, so the values in them are missing.
    ValuesMissing {
        /// The jobs whose logs these are.
        jobs: Vec<String>,
        /// Why.
        problem: String,
    },
    /// How the run ended is known, and what it returned is read next. (Where runs do not tell their attempt, this may
    /// come again: the run may be started again meanwhile.)
    Concluded {
        /// `completed`; empty if it has been started again.
        status: String,
        /// How it ended, such as `success`; empty if it has been started again.
        conclusion: String,
    },
    /// The run has ended, and what it returned has been read.
    Ended(Ended),
    /// What a summary of the run needs to say.
    Summary(Summary),
    /// Lines of a log follow.
    LogBegins {
        /// Whose log it is.
        title: String,
    },
    /// A line of a log. No runner takes it for a command.
    LogLine {
        /// The line.
        text: String,
    },
    /// The log is at its end.
    LogEnds {},
    /// A request was answered (for debug output). Shows neither token nor signatures.
    Request {
        /// Method.
        method: &'static str,
        /// URL without its query where that carries a signature.
        url: String,
        /// Status code; `None`: no answer.
        status: Option<u16>,
        /// Time until the head of the answer.
        milliseconds: f64,
    },
}
