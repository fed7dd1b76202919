//! What is checked: a request to the API, and its answer.

/// A request to the API, and its answer.
#[derive(Debug, Clone, Copy)]
pub struct Exchange<'a> {
    /// In capitals.
    pub method: &'a str,
    /// The path beneath the API's base URL, with the query.
    pub path: &'a str,
    /// Names in any case.
    pub request_headers: &'a [(String, String)],
    /// Empty when there is none.
    pub request_body: &'a [u8],
    /// The status answered.
    pub status: u16,
    /// Names in any case.
    pub response_headers: &'a [(String, String)],
    /// The whole body.
    pub response_body: &'a [u8],
}

impl<'a> Exchange<'a> {
    /// The path without the query.
    pub(crate) fn path_only(&self) -> &'a str {
        self.path
            .split_once('?')
            .map_or(self.path, |(path, _)| path)
    }

    /// The query, empty when there is none.
    pub(crate) fn query(&self) -> &'a str {
        self.path.split_once('?').map_or("", |(_, query)| query)
    }

    /// The first field of that name in the request.
    pub(crate) fn asked(&self, name: &str) -> Option<&'a str> {
        find(self.request_headers, name)
    }

    /// The first field of that name in the answer.
    pub(crate) fn answered(&self, name: &str) -> Option<&'a str> {
        find(self.response_headers, name)
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut headers = headers.iter();
    headers
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}
