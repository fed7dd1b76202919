//! A whole call with a server that answers anything: it ends in time, the token
//! stays with the API, nothing is dispatched twice, and a run that is named was
//! in an answer.
//!
//! Input: answers as HTTP writes them, with lines `====` in between. Status 0:
//! the connection breaks.

use std::time::Duration;

use return_dispatch::event::IdentifiedBy;
use return_dispatch::host::Method;
use return_dispatch::settings::Caller;
use return_dispatch::{Settings, call};

use crate::bytes::{answer, split_at_lines};
use crate::script::{Answer, Script, TOKEN, assert_the_token_stayed_with, inputs};

/// The limit of the calls.
const LIMIT: Duration = Duration::from_secs(20);

pub(super) fn check(input: &[u8]) {
    let answers: Vec<_> = split_at_lines(input, "====")
        .into_iter()
        .map(answer)
        .collect();
    if answers.iter().any(|answer| contains(&answer.body, TOKEN)) {
        return;
    }
    for distinct_id in [None, Some("abc-1")] {
        call_with(&answers, distinct_id);
    }
}

fn call_with(answers: &[Answer], distinct_id: Option<&str>) {
    let mut inputs = inputs();
    inputs.distinct_id.0 = distinct_id.map(str::to_owned);
    let settings = Settings::new(&inputs, &Caller::default(), [7; 16]).expect("they are valid");
    let script = Script::new(answers.to_vec(), 1_000);
    let result = script.block_on(call(&script, &settings));

    assert!(
        script.elapsed() <= LIMIT + Duration::from_secs(1),
        "it ends in time"
    );
    assert_the_token_stayed_with("https://api.github.com", &script);
    let requests = script.requests.borrow();
    let dispatched = requests.iter().position(|(request, status)| {
        request.method == Method::Post && (200..300).contains(status)
    });
    if let Some(dispatched) = dispatched {
        let mut later = requests[dispatched + 1..].iter();
        assert!(later.all(|(request, _)| request.method == Method::Get));
    }
    let events = format!("{:?}", script.events.borrow());
    assert!(!events.contains(TOKEN), "{events}");
    match result {
        Ok(identified) => {
            assert!(dispatched.is_some() || identified.identified_by != IdentifiedBy::Response);
            assert_eq!(identified.distinct_id, settings.distinct_id.as_str());
            let id = identified.run_id.to_string();
            let named = answers.iter().any(|answer| contains(&answer.body, &id));
            assert!(named, "{identified:?}");
            // In an archive, or with escapes, it looks otherwise.
            let plain =
                |answer: &Answer| !contains(&answer.body, "PK") && !contains(&answer.body, "\\");
            if identified.identified_by != IdentifiedBy::Response && answers.iter().all(plain) {
                let id = settings.distinct_id.as_str();
                let shown = answers.iter().any(|answer| contains(&answer.body, id));
                assert!(shown, "{identified:?}");
            }
        }
        Err(error) => {
            assert!(!error.message.is_empty());
            assert!(!error.to_string().contains(TOKEN), "{error}");
        }
    }
}

fn contains(text: &[u8], part: &str) -> bool {
    text.windows(part.len())
        .any(|piece| piece == part.as_bytes())
}
