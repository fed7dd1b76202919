//! Expressions in titles, step names and scripts: `${{ inputs.name }}`.

/// Replaces each `${{ expression }}` by its value; one that is not known becomes nothing, as on
/// GitHub.
pub(crate) fn fill(template: &str, value_of: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${{") {
        filled.push_str(before);
        let Some((expression, behind)) = after.split_once("}}") else {
            filled.push_str("${{");
            rest = after;
            continue;
        };
        if let Some(value) = value_of(expression.trim()) {
            filled.push_str(&value);
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::fill;

    fn filled(template: &str) -> String {
        fill(template, |name| (name == "inputs.id").then(|| "42".into()))
    }

    #[test]
    fn expressions_are_replaced_by_their_values() {
        assert_eq!(filled("run ${{ inputs.id }}/${{inputs.id}}"), "run 42/42");
    }

    #[test]
    fn unknown_expressions_become_nothing() {
        assert_eq!(filled("<${{ inputs.other }}>"), "<>");
    }

    #[test]
    fn an_expression_that_never_ends_is_kept() {
        assert_eq!(filled("a ${{ inputs.id"), "a ${{ inputs.id");
    }
}
