//! No request to another origin than the API's carries the token.

use simulator::Origin;

use crate::story::Story;

pub(super) fn check(story: &Story) -> Result<(), String> {
    let astray = story
        .exchanges
        .iter()
        .find(|exchange| exchange.had_token && !story.is_api(&exchange.url));
    if let Some(exchange) = astray {
        return Err(format!("the token was sent to {}", exchange.url));
    }
    let received = story
        .requests
        .iter()
        .find(|request| request.had_authorization && request.origin != Origin::Api);
    match received {
        Some(request) => Err(format!("the token arrived at {:?}", request.path)),
        None => Ok(()),
    }
}
