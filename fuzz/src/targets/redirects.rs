//! URLs: wherever redirects lead, the token goes to the API alone, as the
//! `url` crate and so `fetch` understand URLs.
//!
//! Input: the API's URL in the first line, a `Location` in each other.

use percent_encoding::percent_decode_str;
use return_dispatch::Settings;
use return_dispatch::github::Dispatch;
use return_dispatch::settings::Caller;
use return_dispatch::url::{Url, encode};

use crate::bytes::first_line;
use crate::script::{Answer, Script, assert_the_token_stayed_with, client, inputs};

pub(super) fn check(input: &[u8]) {
    let (api_url, rest) = first_line(input);
    let rest = String::from_utf8_lossy(rest);
    let locations: Vec<_> = rest.split('\n').collect();
    for location in &locations {
        same_origin_means_the_same(&api_url, location);
        stays_one_segment(location);
    }
    let mut inputs = inputs();
    inputs.api_url = api_url.as_str().into();
    let Ok(settings) = Settings::new(&inputs, &Caller::default(), [7; 16]) else {
        return;
    };
    let mut answers: Vec<_> = locations
        .iter()
        .map(|location| Answer {
            status: 302,
            headers: vec![("location".into(), (*location).to_owned())],
            body: Vec::new(),
        })
        .collect();
    answers.push(Answer {
        status: 200,
        body: b"{\"workflows\":[]}".to_vec(),
        ..Answer::default()
    });
    let script = || Script::new(answers.clone(), 100);
    let read = script();
    let _ = read.block_on(client(&read, &settings).workflows());
    assert_the_token_stayed_with(&api_url, &read);
    let log = script();
    let _ = log.block_on(async { client(&log, &settings).job_log(1, 0).await.is_ok() });
    assert_the_token_stayed_with(&api_url, &log);
    let write = script();
    let dispatch = Dispatch {
        r#ref: "main",
        inputs: Vec::new(),
        return_run_info: false,
    };
    let _ = write.block_on(client(&write, &settings).dispatch("ci.yml", &dispatch));
    assert_the_token_stayed_with(&api_url, &write);
    // A request that changes something goes nowhere without the token.
    let mut sent = write.requests.take().into_iter();
    assert!(sent.all(|(request, _)| request.authorization.is_some()));
}

fn same_origin_means_the_same(base: &str, location: &str) {
    let (Ok(from), Ok(known)) = (Url::parse(base), url::Url::parse(base)) else {
        return;
    };
    let Ok(to) = from.redirect(location) else {
        return;
    };
    assert!(!to.without_query().contains(['?', '#']));
    assert_eq!(Url::parse(to.as_str()).as_ref(), Ok(&to), "one spelling");
    // What `fetch` does not take for a URL goes nowhere.
    if let Ok(resolved) = known.join(location)
        && let Ok(sent) = url::Url::parse(to.as_str())
    {
        assert_eq!(sent, resolved, "where {location} leads");
        if from.origin() == to.origin() {
            assert_eq!(known.origin(), resolved.origin(), "{base} and {location}");
        }
    }
}

fn stays_one_segment(text: &str) {
    if text == "." || text == ".." {
        return;
    }
    let encoded = encode(text).to_string();
    assert_eq!(percent_decode_str(&encoded).decode_utf8_lossy(), text);
    let url = url::Url::parse(&format!("https://h/a/{encoded}/b?c={encoded}&d")).expect("a URL");
    let segments: Vec<_> = url.path_segments().expect("a path").collect();
    assert_eq!(segments, ["a", &encoded, "b"]);
    let query: Vec<_> = url.query_pairs().collect();
    assert_eq!(query[0].1, text);
    assert_eq!(query.len(), 2);
}
