//! As much of URLs as this crate needs: origins (where a token may go),
//! resolving a redirect, and path segments that cannot break out.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but RFC 3986's unreserved characters is encoded.
const NOT_UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Encodes text as one path segment or one query value.
///
/// A segment that is `.` or `..` cannot be expressed in a URL at all (clients
/// remove it even when encoded); callers validate names before they get here.
#[must_use]
pub fn encode(text: &str) -> impl fmt::Display + '_ {
    debug_assert!(text != "." && text != "..");
    utf8_percent_encode(text, NOT_UNRESERVED)
}

/// Scheme and authority: the part of a URL that decides who gets the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An absolute `http` or `https` URL without user information.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    text: String,
    /// Where the authority ends in `text`.
    authority_end: usize,
}

/// Why a text is no URL that this program follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlError {
    /// It does not begin with `http://` or `https://`.
    Scheme,
    /// It has no host.
    Host,
    /// It contains a user name or password.
    UserInfo,
    /// It contains a space, a control character or a backslash. Programs read
    /// these in different ways, so none may decide where a token goes.
    Character,
    /// Its path contains `.` or `..` as a segment. Clients remove those before
    /// they send, so the path would not be the one that was checked.
    DotSegment,
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "does not begin with https:// or http://",
            Self::Host => "has no host",
            Self::UserInfo => "contains a user name or password",
            Self::Character => "contains a space, a control character or a backslash",
            Self::DotSegment => "contains . or .. in its path",
        })
    }
}

impl Url {
    /// Reads an absolute URL.
    ///
    /// # Errors
    /// [`UrlError`] for anything but a plain absolute `http` or `https` URL.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        if text
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || c == '\\')
        {
            return Err(UrlError::Character);
        }
        let parts = text.split_once(':');
        let parts = parts.and_then(|(scheme, rest)| Some((scheme, rest.strip_prefix("//")?)));
        let (scheme, rest) = parts.ok_or(UrlError::Scheme)?;
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "http" && scheme != "https" {
            return Err(UrlError::Scheme);
        }
        let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
        if authority.contains('@') {
            return Err(UrlError::UserInfo);
        }
        let path = &rest[authority.len()..];
        let path = &path[..path.find(['?', '#']).unwrap_or(path.len())];
        if path.split('/').any(is_dots) {
            return Err(UrlError::DotSegment);
        }
        let default_port = if scheme == "https" { ":443" } else { ":80" };
        let authority_lower = authority.to_ascii_lowercase();
        let normal = authority_lower
            .strip_suffix(default_port)
            .unwrap_or(&authority_lower);
        if normal.is_empty() || normal.starts_with(':') {
            return Err(UrlError::Host);
        }
        let front = format!("{scheme}://{normal}");
        Ok(Self {
            authority_end: front.len(),
            text: front + &rest[authority.len()..],
        })
    }

    /// The whole URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Scheme and authority.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin(self.text[..self.authority_end].to_owned())
    }

    /// Path, query and fragment.
    #[must_use]
    pub fn after_authority(&self) -> &str {
        &self.text[self.authority_end..]
    }

    /// The URL without query and fragment, fit to be shown: links to logs carry
    /// a signature in their query that is as good as a password for a minute.
    #[must_use]
    pub fn without_query(&self) -> &str {
        &self.text[..self.text.find(['?', '#']).unwrap_or(self.text.len())]
    }

    /// Where a `Location` leads, seen from this URL. Absolute URLs and absolute
    /// paths are understood; servers send nothing else.
    ///
    /// # Errors
    /// [`UrlError`] for anything else.
    pub fn redirect(&self, location: &str) -> Result<Self, UrlError> {
        if location.starts_with('/') && !location.starts_with("//") {
            return Self::parse(&format!("{}{location}", self.origin()));
        }
        Self::parse(location)
    }
}

/// Whether clients take this segment for `.` or `..` (WHATWG URL, 4.1).
fn is_dots(segment: &str) -> bool {
    let segment = segment.to_ascii_lowercase().replace("%2e", ".");
    segment == "." || segment == ".."
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> String {
        Url::parse(text).unwrap().origin().to_string()
    }

    #[test]
    fn an_origin_is_scheme_and_authority_in_one_spelling() {
        assert_eq!(
            origin("https://api.github.com/repos"),
            "https://api.github.com"
        );
        assert_eq!(
            origin("HTTPS://API.GitHub.com:443"),
            "https://api.github.com"
        );
        assert_eq!(origin("http://127.0.0.1:80/?q"), "http://127.0.0.1");
        assert_eq!(origin("http://127.0.0.1:8080?q"), "http://127.0.0.1:8080");
        assert_eq!(origin("https://[::1]:9/#f"), "https://[::1]:9");
    }

    #[test]
    fn what_programs_read_differently_is_refused() {
        assert_eq!(Url::parse("ftp://host/"), Err(UrlError::Scheme));
        assert_eq!(Url::parse("api.github.com"), Err(UrlError::Scheme));
        assert_eq!(Url::parse("https://"), Err(UrlError::Host));
        assert_eq!(Url::parse("https://:443/"), Err(UrlError::Host));
        assert_eq!(
            Url::parse("https://api.github.com@evil.example/"),
            Err(UrlError::UserInfo)
        );
        assert_eq!(
            Url::parse("https://evil.example\\@api.github.com/"),
            Err(UrlError::Character)
        );
        for path in ["..", "a/../b", "a/.%2E?q", "%2e/a", "..#f"] {
            assert_eq!(
                Url::parse(&format!("https://h/{path}")),
                Err(UrlError::DotSegment),
                "{path}"
            );
        }
        assert!(Url::parse("https://h/a/...?b/../c#/..").is_ok());
        assert_eq!(Url::parse("https://a b/"), Err(UrlError::Character));
        assert_eq!(Url::parse("https://a\u{0}/"), Err(UrlError::Character));
    }

    #[test]
    fn redirects_are_resolved() {
        let from = Url::parse("https://api.github.com/repositories/1/x?y").unwrap();
        assert_eq!(
            from.redirect("/repositories/2").unwrap().as_str(),
            "https://api.github.com/repositories/2"
        );
        assert_eq!(
            from.redirect("https://logs.example/a?sig=s")
                .unwrap()
                .without_query(),
            "https://logs.example/a"
        );
        assert_eq!(from.redirect("//evil.example/"), Err(UrlError::Scheme));
        assert_eq!(from.redirect(""), Err(UrlError::Scheme));
    }

    #[test]
    fn encoded_text_stays_one_segment() {
        assert_eq!(
            encode("a/b c?d#e%2e é").to_string(),
            "a%2Fb%20c%3Fd%23e%252e%20%C3%A9"
        );
    }

    #[test]
    fn an_error_continues_a_sentence() {
        for (error, said) in [
            (UrlError::Scheme, "does not begin with https://"),
            (UrlError::Host, "has no host"),
            (UrlError::UserInfo, "contains a user name"),
            (UrlError::Character, "contains a space"),
            (UrlError::DotSegment, "contains . or .."),
        ] {
            assert!(error.to_string().starts_with(said), "{error}");
        }
    }
}
